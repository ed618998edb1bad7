import type { CatalogField, CatalogSide } from '../catalog/catalog.ts';
import type { CodeBook, CodeLine } from './codeBook.ts';
import type { Entity, Like } from './entity.ts';
import { mix32 } from './random.ts';

/** Gives the code a field writes for a canonical value, or null where its list has none. */
export interface CodeChooser {
  /** Local code of a national one (source), or the national code itself (target). */
  national(code: string, entity: Entity): string | null;
  /** A code of the list that reads like this; any of it when none does; the text itself when there is no list. */
  like(value: Like, entity: Entity): string | null;
  /** Any code of the list that says something; null without a list. */
  any(entity: Entity): string | null;
}

/** Codes that mean "not known" or "not applicable" are legal, but say nothing. */
const SAYS_NOTHING = /not (known|applicable|stated|recorded|specified)|unknown|default|^n\/?a$/i;

/**
 * Chooses by what the source field writes and gives what its crosswalk makes of it, so that both sides of a code without a
 * national list say the same; null when the field has no crosswalk.
 *
 * @param source field of the other side with the same concept
 */
export function translatedChooser(source: CatalogField, codes: CodeBook, salt: number): CodeChooser | null {
  const lines = codes.crosswalk(source.codeSet)?.filter((line) => fits(line, source));
  return lines === undefined || lines.length === 0 ? null : new ListChooser(lines, salt, (line) => line.target);
}

/** @param salt of the field: two fields choose apart */
export function codeChooser(field: CatalogField, side: CatalogSide, codes: CodeBook, salt: number): CodeChooser {
  const lines = (side === 'source' ? codes.crosswalk(field.codeSet) : undefined) ?? codes.codeSet(field.codeSet);
  if (lines === undefined || lines.length === 0) return new NoList(field);
  return new ListChooser(
    lines.filter((line) => fits(line, field)),
    salt,
    (line) => line.code,
  );
}

/** A shortened code would be another code. */
function fits(line: CodeLine, field: CatalogField): boolean {
  return field.length === null || line.code.length <= field.length;
}

class NoList implements CodeChooser {
  readonly #length: number;

  constructor(field: CatalogField) {
    this.#length = field.length ?? Number.POSITIVE_INFINITY;
  }

  national(code: string): string | null {
    return code.length <= this.#length ? code : null;
  }

  like(value: Like): string | null {
    return value.text.slice(0, this.#length);
  }

  any(): string | null {
    return null;
  }
}

class ListChooser implements CodeChooser {
  readonly #lines: readonly CodeLine[];
  readonly #telling: readonly CodeLine[];
  readonly #byTarget = new Map<string, CodeLine[]>();
  readonly #byPattern = new Map<string, readonly CodeLine[]>();
  readonly #salt: number;
  readonly #write: (line: CodeLine) => string;

  constructor(lines: readonly CodeLine[], salt: number, write: (line: CodeLine) => string) {
    this.#lines = lines;
    this.#write = write;
    this.#salt = salt;
    const telling = lines.filter((line) => !SAYS_NOTHING.test(line.description));
    this.#telling = telling.length > 0 ? telling : lines;
    for (const line of lines) {
      const same = this.#byTarget.get(line.target);
      if (same === undefined) this.#byTarget.set(line.target, [line]);
      else same.push(line);
    }
  }

  national(code: string, entity: Entity): string | null {
    const lines = this.#byTarget.get(code);
    return lines === undefined ? null : this.#choose(lines, entity, 4);
  }

  like(value: Like, entity: Entity): string | null {
    let lines = this.#byPattern.get(value.like.source);
    if (lines === undefined) {
      const matching = this.#lines.filter((line) => value.like.test(line.description) || value.like.test(line.code));
      lines = matching.length > 0 ? matching : this.#telling;
      this.#byPattern.set(value.like.source, lines);
    }
    return this.#choose(lines, entity, 1);
  }

  any(entity: Entity): string | null {
    return this.#choose(this.#telling, entity, 1);
  }

  /**
   * One of the codes valid throughout the row's days.
   *
   * @param spread one choice in so many is free, the others take the first: 1 is even, 4 is how real clerks type
   */
  #choose(lines: readonly CodeLine[], entity: Entity, spread: number): string | null {
    const valid = lines.length === 1 || lines.every(isOpen) ? lines : lines.filter((line) => isValid(line, entity));
    const from = valid.length > 0 ? valid : lines;
    if (from.length === 0) return null;
    if (from.length === 1) return this.#write(from[0] as CodeLine);
    const draw = mix32(entity.salt ^ this.#salt);
    return this.#write(from[draw % spread === 0 ? (draw >>> 8) % from.length : 0] as CodeLine);
  }
}

function isOpen(line: CodeLine): boolean {
  return line.validFrom === null && line.validTo === null;
}

function isValid(line: CodeLine, entity: Entity): boolean {
  return (
    (line.validFrom === null || line.validFrom <= entity.from) && (line.validTo === null || line.validTo >= entity.to)
  );
}
