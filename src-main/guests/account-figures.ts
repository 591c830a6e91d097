import { connzSchema, jszSchema, readMonitor } from '../hub/monitor-client.ts';

/** What an account uses of the hub now. */
export interface AccountFigures {
  connections: number;
  storage_bytes: number;
}

/** Reads what each account uses; an account that uses nothing, or a hub that does not answer, counts as zero. */
export async function accountFigures(
  monitorUrl: string | undefined,
): Promise<(account: string) => AccountFigures> {
  const nothing = { connections: 0, storage_bytes: 0 };
  if (monitorUrl === undefined) return () => nothing;
  const [connz, jsz] = await Promise.all([
    readMonitor(monitorUrl, '/connz?auth=1&limit=10000', connzSchema).catch(() => undefined),
    readMonitor(monitorUrl, '/jsz?accounts=1', jszSchema).catch(() => undefined),
  ]);
  return (account) => ({
    connections: connz?.connections.filter((one) => one.account === account).length ?? 0,
    storage_bytes: jsz?.account_details.find((one) => one.name === account)?.storage ?? 0,
  });
}
