import type { ReactNode } from 'react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { WaitingDevice } from '../../../src-shared/views/device.ts';
import { Code } from '../../ui/code.tsx';
import { Fact, Facts } from '../../ui/facts.tsx';

/** Who asks to be let in, and the words that its own window shows. */
export function WaitingFacts({ device }: { device: WaitingDevice }): ReactNode {
  const { title, may } = roleWords[device.role];
  return (
    <div className="rounded-control border border-border bg-inset">
      <Facts>
        <Fact name="Device">{device.name}</Fact>
        <Fact name="System">
          {device.platform}, Lattice {device.version}
        </Fact>
        {device.address !== undefined && (
          <Fact name="Address">
            <Code>{device.address}</Code>
          </Fact>
        )}
        <Fact name="Would be">
          <span>
            <span className="font-medium">{title}.</span> {may}
          </span>
        </Fact>
        <Fact name="Key">
          <Code>{device.fingerprint}</Code>
        </Fact>
      </Facts>
    </div>
  );
}
