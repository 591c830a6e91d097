import { Menu as BaseMenu } from '@base-ui/react/menu';
import { PenLine } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Input } from '../../../ui/input.tsx';
import { FLOAT, MENU_ITEM, POP } from '../../../ui/layer.ts';
import { ModelDot } from './model-dot.tsx';

export interface ModelMenuProps {
  trigger: ReactElement;
  models: readonly string[];
  onPick(model: string): void;
}

/** Picks a model that the configuration knows, or takes the name of another one. */
export function ModelMenu({ trigger, models, onPick }: ModelMenuProps): ReactNode {
  const [naming, setNaming] = useState(false);
  return (
    <>
      <BaseMenu.Root>
        <BaseMenu.Trigger render={trigger} />
        <BaseMenu.Portal>
          <BaseMenu.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-50">
            <BaseMenu.Popup
              className={cx(FLOAT, POP, 'max-h-320 min-w-240 overflow-y-auto rounded-card p-4')}
            >
              {models.map((model) => (
                <BaseMenu.Item key={model} className={MENU_ITEM} onClick={() => onPick(model)}>
                  <ModelDot model={model} />
                  <span className="flex-1">{shortModel(model)}</span>
                  <span className="pl-12 text-small text-3">{model.slice(0, model.indexOf('/'))}</span>
                </BaseMenu.Item>
              ))}
              {models.length > 0 && <BaseMenu.Separator className="my-4 h-1 bg-hairline" />}
              <BaseMenu.Item className={MENU_ITEM} onClick={() => setNaming(true)}>
                <Icon icon={PenLine} className="text-2" />
                Another model
              </BaseMenu.Item>
            </BaseMenu.Popup>
          </BaseMenu.Positioner>
        </BaseMenu.Portal>
      </BaseMenu.Root>
      {naming && <NameModel onClose={() => setNaming(false)} onPick={onPick} />}
    </>
  );
}

function NameModel({ onClose, onPick }: { onClose(): void; onPick(model: string): void }): ReactNode {
  const [name, setName] = useState('');
  const fits = /^[^\s/]+\/\S+$/.test(name.trim());
  const take = () => {
    if (!fits) return;
    onPick(name.trim());
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Which model?"
      safe={<Button onClick={onClose}>Cancel</Button>}
      actions={
        <Button
          variant="main"
          onClick={take}
          disabledReason={fits ? undefined : 'Write it as provider/model.'}
        >
          Add the model
        </Button>
      }
    >
      <Field label="Name" hint="The provider, a slash, and the model as the provider calls it.">
        <Input
          mono
          autoFocus
          placeholder="anthropic/claude-sonnet-4-5"
          value={name}
          onValueChange={setName}
          onKeyDown={(event) => event.key === 'Enter' && take()}
        />
      </Field>
    </Dialog>
  );
}
