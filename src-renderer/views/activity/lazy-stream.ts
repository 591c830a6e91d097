import { lazy } from 'react';

/** The stream with its markdown and diffs, which are loaded when an agent first uses them. */
export const ActivityStream = lazy(async () => {
  const { ActivityStream: component } = await import('./activity-stream.tsx');
  return { default: component };
});
