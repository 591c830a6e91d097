import { join } from 'node:path';
import { build } from 'vite';

/** Bundles a TypeScript program so that plain Node can run it as a real process; gives the file to run. */
export async function bundleScript(entry: string, outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: 'script.mjs' } },
    },
    ssr: { noExternal: true, target: 'node' },
  });
  return join(outDir, 'script.mjs');
}
