import { join } from 'node:path';
import { resolvePaths } from '../config/paths.ts';
import { loadStationConfig } from '../config/station-config.ts';
import { initProject } from '../config/template.ts';
import { LatticeNode } from '../lattice-node.ts';

/** A node on no lattice yet that offers the demo agents; its profile and its project are in `folder` under its name. */
export async function demoNode(
  folder: string,
  name: string,
  flags: Record<string, unknown> = {},
): Promise<LatticeNode> {
  const paths = resolvePaths({ LATTICE_HOME: join(folder, name) });
  const { values } = await loadStationConfig({
    file: paths.configFile,
    env: {},
    flags: { port: 0, http_port: 0, station_name: name, ...flags },
  });
  const projectDir = join(folder, `${name}-project`);
  await initProject(projectDir);
  const node = await LatticeNode.create({ paths, config: values, projectDir });
  await node.catalog.ready;
  return node;
}
