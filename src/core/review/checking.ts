import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ParsedRule, parseRules } from '../contract/parseRule.ts';
import type { Engine } from '../engine/engine.ts';
import type { Project } from '../project/layout.ts';

/** Rule texts that are remembered; a contract of a region has fewer. */
const MOST_RULES = 100_000;

/**
 * What checks share while a person types: a small database, and what was made of files and rules that have not changed
 * since. A contract of 5,000 rows is then checked again in well under 200 ms.
 */
export class Checking {
  readonly engine: Engine;
  readonly #files = new Map<string, { stamp: string; value: Promise<unknown> }>();
  readonly #rules = new Map<string, ParsedRule>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Parses rules, asking the engine only for those it was not asked for before. */
  async parse(rules: readonly string[]): Promise<Map<string, ParsedRule>> {
    if (this.#rules.size > MOST_RULES) this.#rules.clear();
    const unknown = rules.filter((rule) => !this.#rules.has(rule));
    for (const [rule, parsed] of await parseRules(this.engine, unknown)) this.#rules.set(rule, parsed);
    return this.#rules;
  }

  /**
   * What `make` gives for these files or folders, made again only when one of them changed.
   *
   * @param name what is made; one name stands for one kind of value
   * @param paths project-relative; a folder stands for the files in it
   */
  async of<T>(project: Project, name: string, paths: readonly string[], make: () => Promise<T>): Promise<T> {
    const stamps = await Promise.all(paths.map((path) => stampOf(project.at(path))));
    const stamp = stamps.join('\n');
    const key = `${name}\0${project.root}`;
    const known = this.#files.get(key);
    if (known?.stamp === stamp) return known.value as Promise<T>;
    const value = make();
    this.#files.set(key, { stamp, value });
    // A failure is told each time, not remembered.
    value.catch(() => this.#files.delete(key));
    return value;
  }
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found === null) return 'none';
  if (!found.isDirectory()) return `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}`;
  const names = (await readdir(path).catch(() => [])).sort();
  const stamps = await Promise.all(names.map(async (name) => `${name} ${await stampOf(join(path, name))}`));
  return stamps.join('\n');
}
