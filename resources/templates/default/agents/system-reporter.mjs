// Reports how this machine is doing, as readable text.
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const gib = (bytes) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
const percent = (share) => `${Math.round(100 * share)} %`;

const before = processorTimes();
await delay(250);
const after = processorTimes();
const busy = 1 - (after.idle - before.idle) / Math.max(1, after.total - before.total);
const memory = 1 - os.freemem() / os.totalmem();
const disk = await statfs(process.cwd()).catch(() => undefined);

console.log(
  [
    `Machine    ${os.hostname()} (${os.type()} ${os.release()}, ${os.arch()})`,
    `Up for     ${duration(os.uptime())}`,
    `Processor  ${percent(busy)} of ${os.cpus().length} cores${model()}`,
    `Load       ${os.loadavg().map((load) => load.toFixed(2)).join(' · ')} (1, 5, 15 minutes)`,
    `Memory     ${percent(memory)} used, ${gib(os.freemem())} of ${gib(os.totalmem())} free`,
    ...(disk ? [`Disk       ${gib(disk.bavail * disk.bsize)} of ${gib(disk.blocks * disk.bsize)} free here`] : []),
  ].join('\n'),
);

function processorTimes() {
  const all = os.cpus().map(({ times }) => times);
  const total = all.reduce((sum, times) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0);
  return { total, idle: all.reduce((sum, times) => sum + times.idle, 0) };
}

function model() {
  const name = os.cpus()[0]?.model.trim();
  return name ? ` (${name})` : '';
}

function duration(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return [days && `${days} d`, (days || hours) && `${hours} h`, `${minutes} min`].filter(Boolean).join(' ');
}
