import { resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveAsset } from './asset-path.ts';

const ROOT = '/opt/lattice/out/renderer';

describe('resolveAsset', () => {
  it('finds files below the root with their kind', () => {
    expect(resolveAsset(ROOT, 'app://lattice/index.html')).toEqual({
      path: `${ROOT}/index.html`,
      contentType: 'text/html; charset=utf-8',
    });
    expect(resolveAsset(ROOT, 'app://lattice/assets/a%20b.js?v=1#x')?.path).toBe(`${ROOT}/assets/a b.js`);
  });

  it.each([
    'app://lattice/../main/main.js',
    'app://lattice/assets/../../main/main.js',
    'app://lattice/%2e%2e/main/main.js',
    'app://lattice/..%2fmain%2fmain.js',
    'app://lattice/.%2E%5cmain.js',
    'app://lattice/%252e%252e/main.txt',
    'app://lattice/c:/windows/win.js',
    'app://lattice/a%00.js',
    'app://lattice/%ff.js',
    'app://lattice/',
    'app://lattice/folder',
    'app://lattice/main.js.map',
    'app://other/index.html',
    'app://lattice:8080/index.html',
    'file:///etc/passwd.js',
    'https://lattice/index.html',
    'rubbish',
  ])('refuses %s', (address) => {
    expect(resolveAsset(ROOT, address)).toBeUndefined();
  });

  it('never leaves the root', () => {
    const part = fc.oneof(fc.constantFrom('..', '%2e%2e', '%2f', '%5c', '.', '', 'a'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const asset = resolveAsset(ROOT, `app://lattice/${parts.join('/')}.js`);
        if (asset) expect(resolve(asset.path).startsWith(ROOT + sep)).toBe(true);
      }),
    );
  });
});
