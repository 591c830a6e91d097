import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    ssr: 'src-cli/lattice.ts',
    target: 'node20',
    outDir: 'out/cli',
    rollupOptions: { output: { format: 'es', entryFileNames: '[name].js' } },
  },
  ssr: { noExternal: true, target: 'node' },
});
