import { defineConfig } from 'vite';

export default defineConfig({
  // Some dependencies are CommonJS and ask for their file name, which an ES bundle does not define.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  build: {
    ssr: 'src-cli/lattice.ts',
    target: 'node20',
    outDir: 'out/cli',
    minify: true,
    rollupOptions: { output: { format: 'es', entryFileNames: '[name].js' } },
  },
  ssr: { noExternal: true, target: 'node' },
});
