import { LiveValue } from '../../src-shared/live.ts';
import { type Origin, type Settings, settingsSchema } from '../../src-shared/views/settings.ts';
import type { SettingName, StationConfig } from './setting-table.ts';
import { type LoadedConfig, loadStationConfig, saveSettings } from './station-config.ts';

/** The settings of the window: read from `config.yaml`, written back into it, with the origin of each. */
export class SettingsStore {
  readonly live: LiveValue<Settings>;
  readonly #read: () => Promise<LoadedConfig>;
  readonly #projectDir: string;
  #loaded: LoadedConfig;

  private constructor(read: () => Promise<LoadedConfig>, loaded: LoadedConfig, projectDir: string) {
    this.#read = read;
    this.#loaded = loaded;
    this.#projectDir = projectDir;
    this.live = new LiveValue(this.#settings());
  }

  /** `projectDir` is where the agents are when no setting says so. @throws LatticeError `invalid_input`. */
  static async open(options: {
    file: string;
    env: NodeJS.ProcessEnv;
    projectDir: string;
  }): Promise<SettingsStore> {
    const read = () => loadStationConfig({ file: options.file, env: options.env });
    return new SettingsStore(read, await read(), options.projectDir);
  }

  get config(): StationConfig {
    return this.#loaded.values;
  }

  /** Every setting of the station with its origin. */
  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  /** Where each value came from; those from the environment cannot be changed in the window. */
  get origins(): Record<string, Origin> {
    const names = Object.keys(settingsSchema.shape) as SettingName[];
    return Object.fromEntries(names.map((name) => [name, this.#loaded.origins[name].origin]));
  }

  /** Writes a change into the file and reads it back. @throws LatticeError `invalid_input`, `io_failed`. */
  async set(change: { [N in keyof Settings]?: Settings[N] | undefined }): Promise<Settings> {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    await saveSettings(this.#loaded.file, given);
    this.#loaded = await this.#read();
    this.live.set(this.#settings());
    return this.live.value;
  }

  #settings(): Settings {
    const values: Record<string, unknown> = { ...this.#loaded.values };
    values.project_dir ??= this.#projectDir;
    return settingsSchema.parse(values);
  }
}
