import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Exposure, exposureOf } from './access/exposure.ts';
import { readRuntimeFile } from './hub/runtime-file.ts';
import { identify } from './system/process-identity.ts';

/** One thing that was looked at, with what it means and what to do. */
export interface ExposureCheck {
  id: string;
  ok: boolean;
  label: string;
  hint?: string;
  port?: number;
  addresses?: string[];
}

/** What of the hubs of this user can be reached from outside this machine, and on which terms. */
export async function exposureChecks(dataDir: string): Promise<ExposureCheck[]> {
  const stations = await readdir(join(dataDir, 'stations')).catch(() => []);
  const folders = [join(dataDir, 'hub'), ...stations.map((name) => join(dataDir, 'stations', name, 'hub'))];
  const found: ExposureCheck[] = [];
  for (const folder of folders) {
    const record = await readRuntimeFile(folder);
    const process = record && (await identify(record.pid));
    if (!record || process?.start_time !== record.start_time) continue;
    const [client, monitor] = await Promise.all([
      exposureOf(record.ports.client),
      exposureOf(record.ports.monitor),
    ]);
    found.push(clientCheck(client), monitorCheck(monitor));
  }
  if (found.length > 0) return found;
  return [{ id: 'hub', ok: true, label: 'No hub of yours runs here, so nothing of Lattice listens.' }];
}

function clientCheck({ port, addresses, demands }: Exposure): ExposureCheck {
  const at = { id: `hub-${port}`, port, addresses };
  if (addresses.length === 0)
    return {
      ...at,
      ok: true,
      label: `Hub on port ${port}: this machine only`,
      hint: 'Every program of this machine can connect. Nobody on your network can.',
    };
  const where = `Hub on port ${port}: open to your network at ${addresses.join(', ')}`;
  if (demands?.tls && demands.auth)
    return {
      ...at,
      ok: true,
      label: `${where}, with TLS and a key or secret for everybody`,
      hint: 'lattice devices lists who has access by a link.',
    };
  const missing = [...(demands?.tls ? [] : ['TLS']), ...(demands?.auth ? [] : ['auth'])].join(' and ');
  return {
    ...at,
    ok: false,
    label: `${where}, without ${missing}`,
    hint: 'Remove the hub settings that were made by hand, and share it instead: it then asks for TLS and keys.',
  };
}

function monitorCheck({ port, addresses }: Exposure): ExposureCheck {
  const ok = addresses.length === 0;
  return {
    id: `monitor-${port}`,
    port,
    addresses,
    ok,
    label: ok
      ? `Monitor on port ${port}: this machine only`
      : `Monitor on port ${port} is open to your network`,
    ...(ok ? {} : { hint: 'Something else listens there. Find it, and start the hub again.' }),
  };
}
