import { useEffect } from 'react';
import { useAnswer } from './queries.ts';

const LOOK_MS = 5_000;

/** The access of this machine itself, asked for again while it is shown: the host may change it at any time. */
export function useOwnAccess(): ReturnType<typeof useAnswer<'access.own'>> {
  const answer = useAnswer('access.own');
  const { refetch } = answer;
  useEffect(() => {
    void refetch();
    const timer = setInterval(() => void refetch(), LOOK_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  return answer;
}
