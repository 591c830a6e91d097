import { jszSchema, readMonitor } from '../hub/monitor-client.ts';
import { readRuntimeFile } from '../hub/runtime-file.ts';

interface StreamFigures {
  name: string;
  messages: number;
  bytes: number;
  consumers: number;
}

/** The streams of the hubs of these folders that run now, by the port of each hub. */
export async function streamFigures(hubDirs: readonly string[]): Promise<Record<string, StreamFigures[]>> {
  const hubs = await Promise.all(hubDirs.map(readRuntimeFile));
  const figures = hubs.map(async (hub): Promise<[string, StreamFigures[]][]> => {
    if (hub === undefined) return [];
    const url = `http://127.0.0.1:${hub.ports.monitor}`;
    const page = await readMonitor(url, '/jsz?streams=1', jszSchema).catch(() => undefined);
    if (page === undefined) return [];
    const streams = page.account_details.flatMap((account) => account.stream_detail);
    return [
      [
        String(hub.ports.client),
        streams.map(({ name, state }) => ({
          name,
          messages: state.messages,
          bytes: state.bytes,
          consumers: state.consumer_count,
        })),
      ],
    ];
  });
  return Object.fromEntries((await Promise.all(figures)).flat());
}
