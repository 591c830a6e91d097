import { extname, join, sep } from 'node:path';

export interface Asset {
  path: string;
  contentType: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The file behind an `app://lattice/` address; undefined for another host, a way out of `root`, or a kind we never serve. */
export function resolveAsset(root: string, address: string): Asset | undefined {
  // The raw text is checked as well, because a URL parser folds `..` away before anyone sees it.
  if (!URL.canParse(address) || /(^|[/\\]|%2f|%5c)(\.|%2e){2}([/\\?#]|%2f|%5c|$)/i.test(address))
    return undefined;
  const url = new URL(address);
  if (url.protocol !== 'app:' || url.host !== 'lattice') return undefined;
  const pathname = decode(url.pathname);
  const contentType = contentTypes[extname(pathname ?? '').toLowerCase()];
  if (pathname === undefined || contentType === undefined || /[\\\0:]/.test(pathname)) return undefined;
  const path = join(root, pathname);
  return path.startsWith(root + sep) ? { path, contentType } : undefined;
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
