/** Waits for something that a hub has to answer, but not longer than `ms` milliseconds; how it ends does not matter. */
export async function within(ms: number, waiting: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.resolve(waiting).catch(() => undefined), timeout]);
  clearTimeout(timer);
}
