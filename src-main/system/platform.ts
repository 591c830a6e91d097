import { arch, cpus, hostname, totalmem } from 'node:os';
import type { StationManifest } from '../../src-shared/protocol/station.ts';

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows',
};

/** What machine this is, as other stations see it; memory in bytes. */
export function platformFacts(): StationManifest['platform'] {
  return {
    os: NAMES[process.platform] ?? process.platform,
    arch: arch(),
    cores: Math.max(1, cpus().length),
    memory_bytes: totalmem(),
    hostname: hostname(),
  };
}
