import { Redactor } from './redactor.ts';

/**
 * What this process knows of secrets. There is one for the process, because a log line, an error or a crash can carry a
 * secret of any part of it.
 */
export const processSecrets = new Redactor();
