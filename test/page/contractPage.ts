import type { Browser, Page } from 'playwright-core';
import { CONTRACT_COLUMNS } from '../../src/core/contract/contractFile.ts';
import { csvText } from '../../src/core/csv/csvText.ts';
import { ContractSheet, type RowMark } from '../../src/core/review/contractSheet.ts';
import type { Offers, RowDetail } from '../../src/core/review/rowFacts.ts';
import {
  type FromContractPage,
  readFromContractPage,
  type ShownMerge,
  type ToContractPage,
} from '../../src/extension/panels/contractProtocol.ts';
import { newPage, ORIGIN, type PageOptions, PanelPage } from './panelPage.ts';

export type Row = Readonly<Record<string, string>>;

export function contractText(rows: readonly Row[], columns: readonly string[] = CONTRACT_COLUMNS): string {
  return csvText(
    columns,
    rows.map((row) => columns.map((name) => row[name] ?? '')),
  );
}

export const OFFERS: Offers = {
  classes: ['direct', 'derived', 'lookup', 'out_of_scope', 'unresolved'],
  statuses: ['DRAFT', 'IN_REVIEW', 'APPROVED', 'REJECTED'],
  sources: {
    PATMAST: [
      { name: 'SEX_CD', type: 'VARCHAR(2)', description: 'sex' },
      { name: 'SURNAME', type: 'VARCHAR(40)', description: 'family name' },
    ],
    PATMRG: [{ name: 'FINAL_NO', type: 'VARCHAR(10)', description: '' }],
  },
  crosswalks: [{ name: 'sex', codes: 4, safetyCritical: true }],
  functions: [
    { name: 'upper', help: 'in capitals' },
    { name: 'substr', help: 'part of a text' },
  ],
  scopes: { LOAD_PATIENT: [{ rowSet: 'main', driving: 'PATMAST', tables: { PATMAST: 'PATMAST', m: 'PATMRG' } }] },
};

export const DETAIL: RowDetail = {
  candidates: [
    {
      rank: 1,
      sourceTable: 'PATMAST',
      sourceField: 'SEX_CD',
      score: 0.9,
      proposedClass: 'lookup',
      reasons: 'same words',
    },
  ],
  profile: { rows: '100', top_values: 'M, F' },
  crosswalk: { name: 'sex', file: 'schemas/crosswalks/sex.csv', codes: 4, safetyCritical: true, unknown: [] },
  history: [{ at: '2026-11-24T09:00:00Z', who: 'Bob', kind: 'REJECTED', cells: {}, comment: 'wrong column' }],
  samples: null,
};

/** The contract grid in a browser. The test plays the extension with the core's own sheet; the text is the test's. */
export class ContractTestPage extends PanelPage {
  #sheet: ContractSheet;
  #version = 1;
  #text: string;
  /** Marks by line, as the last check found them. */
  readonly #marks: ReadonlyMap<number, readonly RowMark[]>;
  /** What the check says of a cell that is typed. */
  typed: (message: Extract<FromContractPage, { type: 'check' }>) => readonly RowMark[] = () => [];

  private constructor(page: Page, text: string, marks: ReadonlyMap<number, readonly RowMark[]>) {
    super(page, 'contract');
    this.#text = text;
    this.#marks = marks;
    this.#sheet = new ContractSheet(text, 1);
    this.#sheet.mark(marks);
  }

  static async grid(
    browser: Browser,
    text: string,
    options: PageOptions & { readonly marks?: ReadonlyMap<number, readonly RowMark[]>; readonly canTry?: boolean } = {},
  ): Promise<ContractTestPage> {
    const page = await newPage(browser, options);
    const test = new ContractTestPage(page, text, options.marks ?? new Map());
    await test.load(options);
    await page.exposeFunction('toTest', (message: unknown) => test.#receive(message, options.canTry ?? true));
    await page.goto(`${ORIGIN}/`);
    await page.locator('body[data-drawn]').waitFor();
    return test;
  }

  get text(): string {
    return this.#text;
  }

  async say(message: ToContractPage): Promise<void> {
    await this.post(message);
  }

  async conflict(merge: ShownMerge | null): Promise<void> {
    await this.say({ type: 'conflict', merge });
  }

  /** Another program or editor changed the text. */
  async replace(text: string): Promise<void> {
    this.#version += 1;
    this.#text = text;
    this.#sheet.replace(text, this.#version);
    await this.say({ type: 'changed', version: this.#version });
  }

  async #receive(sent: unknown, canTry: boolean): Promise<void> {
    const message = readFromContractPage(sent);
    const sheet = this.#sheet;
    switch (message?.type) {
      case undefined:
        this.faults.push(`no message of a page: ${JSON.stringify(sent)}`);
        break;
      case 'ready':
        await this.say({ type: 'setup', canEdit: true, canTry });
        await this.say({ type: 'offers', offers: OFFERS });
        break;
      case 'query': {
        const { ticket, query, offset, limit, facets } = message;
        await this.say({ type: 'page', ticket, page: sheet.page(query, offset, limit, facets) });
        break;
      }
      case 'plan':
      case 'edit': {
        const plan = sheet.plan(message.selection, message.set, 'Bob', { comment: message.comment });
        if (message.type === 'plan') {
          await this.say({ type: 'plan', plan: { ...plan }, set: message.set });
          break;
        }
        for (const { reason } of plan.refused) await this.say({ type: 'refused', message: reason });
        if (plan.edits.length === 0) break;
        const after = plan.edits.toReversed();
        const text = after.reduce(
          (now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end),
          this.#text,
        );
        await this.replace(text);
        this.#sheet.mark(this.#marks);
        await this.say({ type: 'done', message: `${plan.changed} rows changed.` });
        break;
      }
      case 'check':
        await this.say({
          type: 'checked',
          ticket: message.ticket,
          check: { marks: this.typed(message), refusal: null },
        });
        break;
      case 'detail': {
        const row = sheet.row(message.index);
        if (row !== null) await this.say({ type: 'detail', version: this.#version, row, detail: DETAIL });
        break;
      }
      case 'failed':
        this.faults.push(message.message);
        break;
    }
  }
}
