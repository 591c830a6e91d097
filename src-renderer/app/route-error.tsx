import { useRouter } from '@tanstack/react-router';
import { CircleAlert, House, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/states.tsx';

/** What stands in place of a view that broke or does not exist: the rest of the window goes on. */
export function RouteError({ error, reset }: { error?: unknown; reset?: () => void }): ReactNode {
  const router = useRouter();
  const broke = error !== undefined;
  return (
    <div className="flex h-full">
      <Failure
        icon={CircleAlert}
        title={broke ? 'This view stopped working' : 'There is nothing here'}
        text={
          broke ? (
            <>
              The lattice and what runs on it go on. <span className="takeable">{messageOf(error)}</span>
            </>
          ) : (
            'The link leads to a view that this version does not have.'
          )
        }
        actions={
          <>
            {broke && (
              <Button
                variant="main"
                icon={RotateCw}
                onClick={() => {
                  reset?.();
                  void router.invalidate();
                }}
              >
                Show it again
              </Button>
            )}
            <Button icon={House} onClick={() => void router.navigate({ to: '/overview' })}>
              Go to Overview
            </Button>
          </>
        }
      />
    </div>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
