import type { CallName, StreamName } from './ipc.ts';

/** Every call and stream name without its schemas, so that the preload stays small; the compiler keeps both in step. */
export const callNames: Readonly<Record<CallName, true>> = {
  'app.info': true,
  'app.openExternal': true,
  'app.reveal': true,
  'app.copy': true,
  'app.paste': true,
  'app.chooseFolder': true,
  'app.quit': true,
  'app.hide': true,
  'app.checks': true,
  'node.host': true,
  'node.join': true,
  'node.standalone': true,
  'node.leave': true,
  'node.reconnect': true,
  'hub.start': true,
  'hub.stop': true,
  'hub.restart': true,
  'hub.share': true,
  'hub.copyJoin': true,
  'devices.list': true,
  'devices.invite': true,
  'devices.manage': true,
  'join.read': true,
  'join.enter': true,
  'join.cancel': true,
  'join.membership': true,
  'join.again': true,
  'join.forget': true,
  'project.init': true,
  'agents.route': true,
  'runs.start': true,
  'runs.cancel': true,
  'work.assign': true,
  'work.cancel': true,
  'work.answer': true,
  'work.acknowledge': true,
  'work.retry': true,
  'work.rerun': true,
  'work.result': true,
  'settings.get': true,
  'settings.set': true,
};

export const streamNames: Readonly<Record<StreamName, true>> = {
  'node.watch': true,
  'stations.watch': true,
  'agents.watch': true,
  'events.watch': true,
  'runs.watch': true,
  'runs.output': true,
  'works.watch': true,
  'work.watch': true,
  'work.output': true,
  'log.watch': true,
  'hub.metrics': true,
  'hub.log': true,
  'commands.watch': true,
};

/** The channels of the preload bridge. */
export const CALL_CHANNEL = 'lattice:call';
export const SUBSCRIBE_CHANNEL = 'lattice:subscribe';
export const UNSUBSCRIBE_CHANNEL = 'lattice:unsubscribe';
/** Main sends one frame of messages at a time here, and the next one only after the window acknowledged it. */
export const STREAM_CHANNEL = 'lattice:stream';
export const ACKNOWLEDGE_CHANNEL = 'lattice:acknowledge';
