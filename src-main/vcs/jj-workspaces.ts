import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { jjArgv } from './jj-argv.ts';
import type { JjTool } from './jj-tool.ts';

const MAX_NAME = 40;
const MAX_COUNT = 10_000;

export interface JjWorkspacesOptions {
  projectDir: string;
  /** From the project folder; `.workspaces` without. */
  dir?: string | undefined;
  /** Whether a change needs a description before it is worked on and committed; yes without. */
  gate?: boolean | undefined;
  /** Whether a workspace goes once its work is pushed; yes without. */
  cleanup?: boolean | undefined;
}

/** A workspace of jj for each task, in a folder that version control ignores. */
export class JjWorkspaces {
  readonly #options: JjWorkspacesOptions;
  readonly #dir: string;

  /** @throws LatticeError `unsafe` when the folder is not below the project. */
  constructor(options: JjWorkspacesOptions) {
    this.#options = options;
    this.#dir = resolve(options.projectDir, options.dir ?? '.workspaces');
    const way = relative(options.projectDir, this.#dir);
    if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      throw new LatticeError('unsafe', `vcs.config.workspace_dir is outside the project: ${options.dir}.`, {
        hint: 'Name a folder in the project, such as .workspaces.',
      });
    }
  }

  /** Makes a workspace on top of the files as they are now. @throws LatticeError `invalid_input` when the gate is shut. */
  async add(jj: JjTool, message: string): Promise<{ workspace: string }> {
    if (message.trim() === '' && this.#options.gate !== false) throw gateShut();
    await mkdir(this.#dir, { recursive: true });
    const real = await realpath(this.#dir);
    const project = await realpath(this.#options.projectDir);
    if (!real.startsWith(`${project}${sep}`)) {
      throw new LatticeError('unsafe', `${this.#dir} leads outside the project.`, {
        hint: 'Remove the link, or set another vcs.config.workspace_dir.',
      });
    }
    await writeFile(join(this.#dir, '.gitignore'), '*\n');
    const name = this.#freeName(message);
    const workspace = join(this.#dir, name);
    await jj.text(jjArgv.addWorkspace(workspace, name, message));
    return { workspace };
  }

  /** @throws LatticeError `invalid_input` when the change of a workspace has no description and the gate is on. */
  async checkGate(jj: JjTool, folder: string): Promise<void> {
    if (this.#options.gate === false) return;
    if ((await jj.text(jjArgv.description, folder)).trim() === '') throw gateShut();
  }

  /** The folder of a workspace while it is there and ours. */
  folderOf(workspace: string | undefined): string | undefined {
    if (workspace === undefined || !this.#isOurs(workspace)) return undefined;
    return existsSync(workspace) ? workspace : undefined;
  }

  nameOf(folder: string): string | undefined {
    return this.#isOurs(folder) ? basename(folder) : undefined;
  }

  /** Forgets a workspace whose work is pushed, and removes its folder; says so. */
  async cleanUp(jj: JjTool, folder: string): Promise<string | undefined> {
    const name = this.nameOf(folder);
    if (name === undefined || this.#options.cleanup === false) return undefined;
    if ((await jj.lines(jjArgv.files, folder)).length > 0)
      return `The workspace ${name} has changes that are not committed; it stays.`;
    await jj.text(jjArgv.forgetWorkspace(name));
    await rm(folder, { recursive: true, force: true });
    return `The workspace ${name} is pushed and was removed.`;
  }

  #isOurs(folder: string): boolean {
    return folder.startsWith(`${this.#dir}${sep}`) && !relative(this.#dir, folder).includes(sep);
  }

  #freeName(message: string): string {
    const words = message
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, MAX_NAME);
    const base = words === '' ? 'task' : words;
    for (let count = 1; count < MAX_COUNT; count++) {
      const name = `${base}-${count}`;
      if (!existsSync(join(this.#dir, name))) return name;
    }
    throw new LatticeError('conflict', `${this.#dir} is full of workspaces called ${base}.`, {
      hint: 'Remove those that you do not need any more.',
    });
  }
}

function gateShut(): LatticeError {
  return new LatticeError('invalid_input', 'The change has no description yet, and the gate asks for one.', {
    hint: 'Run jj describe -m "what this does", or set vcs.config.gate_enforcement: false.',
  });
}
