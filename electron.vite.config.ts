import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// The oldest runtime the app runs on is Electron 33, whatever version is installed.
const NODE_TARGET = 'node20.18';
const CHROME_TARGET = 'chrome130';

export default defineConfig({
  main: {
    build: {
      target: NODE_TARGET,
      externalizeDeps: false,
      minify: true,
      sourcemap: 'hidden',
      rollupOptions: {
        input: { main: 'src-main/main.ts' },
        external: ['electron'],
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      target: NODE_TARGET,
      externalizeDeps: false,
      minify: true,
      rollupOptions: {
        input: { preload: 'src-preload/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react(), tailwindcss()],
    build: {
      target: CHROME_TARGET,
      minify: true,
      sourcemap: 'hidden',
      // Every asset is a file of its own, because the window's policy allows no data: fonts or scripts.
      assetsInlineLimit: 0,
      rollupOptions: {
        input: 'src-renderer/index.html',
        // What every start needs is one file: the main process, busy with its own start, then serves one and not thirty.
        output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
      },
    },
  },
});
