import { app } from 'electron';
import { z } from 'zod';
import type { LaunchOptions } from '../app-services.ts';

const launchSchema = z.object({
  host: z.boolean(),
  join: z.string().max(2_000).optional(),
  link: z.string().max(4_000).optional(),
});

/** Takes the lock of this user's data folder; false means that another instance has it and was told of this start. */
export function takeSingleInstance(
  launch: LaunchOptions,
  onSecondStart: (launch: LaunchOptions) => void,
): boolean {
  // The argv that `second-instance` reports is reordered by Chromium, so ours travels beside it.
  if (!app.requestSingleInstanceLock(launch)) return false;
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const parsed = launchSchema.safeParse(data);
    const { host, join, link } = parsed.success ? parsed.data : { host: false };
    onSecondStart({ host, ...(join === undefined ? {} : { join }), ...(link === undefined ? {} : { link }) });
  });
  return true;
}
