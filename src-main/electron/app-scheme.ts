import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { resolveAsset } from './asset-path.ts';

/** The only origin the window has. */
export const APP_ORIGIN = 'app://lattice';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Makes `app:` a proper origin of its own; must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/**
 * Serves the built window, and nothing else on this disk, under `app://lattice/` of one session.
 * Resolves when a page took its script: until then it waits for this process, which better does nothing else.
 */
export function serveAppScheme(session: Session, rendererDir: string): Promise<void> {
  return new Promise((scriptTaken) => {
    session.protocol.handle('app', async (request) => {
      const asset = request.method === 'GET' ? resolveAsset(rendererDir, request.url) : undefined;
      const body = asset && (await readFile(asset.path).catch(() => undefined));
      if (!asset || !body) return new Response('Not found', { status: 404 });
      const isScript = asset.contentType.startsWith('text/javascript');
      return new Response(isScript ? told(body, scriptTaken) : new Uint8Array(body), {
        headers: {
          'Content-Type': asset.contentType,
          'Content-Security-Policy': CONTENT_SECURITY_POLICY,
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
        },
      });
    });
  });
}

/** Bytes as a body that tells when it was read to its end. */
function told(bytes: Uint8Array, onRead: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(bytes),
      pull: (controller) => {
        controller.close();
        onRead();
      },
    },
    { highWaterMark: 0 },
  );
}
