import './users.css';
import type { Place } from '../../src/core/review/place.ts';
import type { RoleLine, UserLine, Users } from '../../src/core/review/usersModel.ts';
import { USERS } from '../../src/extension/panels/usersProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { Host } from '../shared/host.ts';
import { Live } from '../shared/live.ts';
import { button, type Content, card, empty, keyed, link, Shell, table, verdict } from '../shared/ui.ts';

const shell = new Shell('Users');
const live = new Live({ shell, what: 'people and roles', read, shown: () => host.shown() });
const host = new Host(USERS, (setup) => {
  project = setup.project?.name ?? '';
  live.begin(setup);
});
let project = '';
host.on('changed', () => void live.refresh());

const open = (place: Place): void => {
  host.ask('open', place).catch((error: Error) => shell.tell(error.message));
};

async function read(): Promise<HTMLElement[]> {
  const users = await host.ask('content', {});
  const listed = users.people.filter((person) => person.listed).length;
  shell.head(
    [
      `${project} · ${users.problem === null ? `${counted(listed, 'person', 'people')} in the roles file` : 'the roles file cannot be read'}`,
    ],
    users.hasRoles || users.problem !== null
      ? [
          keyed(
            'edit',
            button('Edit roles file', () => open(users.file)),
          ),
        ]
      : [],
  );
  return [...state(users), ...peopleCard(users), rolesCard(users)];
}

/** What a person must know before the lists: that there is no roles file, or that it is wrong. */
function state(users: Users): HTMLElement[] {
  if (users.problem !== null)
    return [
      card(
        'The roles file cannot be read',
        html('p', { role: 'alert' }, verdict('bad', users.problem)),
        html(
          'p',
          {},
          keyed(
            'mend',
            link('Open the file at the place', () => open(users.file)),
          ),
        ),
        html('p', {}, 'Until it is mended nobody is who they say, and what a role is asked for is refused.'),
      ),
    ];
  if (users.hasRoles) return [];
  const text =
    'Without governance/roles.json everybody may review and run, and nobody may sign, accept or approve what cutover relies on.';
  return [
    card(
      'Roles',
      empty(
        'No roles are written down yet',
        text,
        keyed('create', button('Write a roles file…', create, { look: 'primary' })),
      ),
    ),
  ];
}

function create(): void {
  host.ask('create', {}).catch((error: Error) => shell.tell(error.message));
}

function peopleCard({ people, unowned, unheld, problem }: Users): HTMLElement[] {
  if (people.length === 0 && unowned === null && unheld.length === 0) return [];
  const waiting = [
    ...(unowned === null ? [] : [html('p', {}, verdict('warning', 'Nobody owns'), ' ', work(unowned, 'nobody'))]),
    ...unheld.flatMap(({ title, open: all }) => [
      html(
        'p',
        {},
        problem === null
          ? verdict('warning', `Nobody is named as ${title}`)
          : verdict('unknown', `Who is ${title} is not known`),
        '; waits for that role:',
      ),
      html('ul', {}, ...all.map((one) => html('li', {}, work(one, title)))),
    ]),
  ];
  return [
    card(
      'People',
      ...waiting,
      ...(people.length === 0
        ? []
        : [
            table(
              'People with their roles and what waits for them',
              [
                { title: 'Person', cell: (person: UserLine) => person.name },
                {
                  title: 'Roles',
                  cell: (person) =>
                    person.listed
                      ? person.roles.join(', ')
                      : verdict('unknown', problem === null ? 'not in the roles file' : 'not known'),
                },
                { title: 'Waits for them', cell: waits },
                { title: 'Domains', cell: (person) => person.domains.join(', ') || '–' },
                { title: 'Answers for', cell: (person) => person.stages.join(', ') || '–' },
              ],
              people,
            ),
          ]),
    ),
  ];
}

function waits({ name, open: all }: UserLine): Content {
  if (all.length === 0) return 'nothing';
  return html('ul', { class: 'plain' }, ...all.map((one) => html('li', {}, work(one, name))));
}

function work(one: UserLine['open'][number], name: string): HTMLElement {
  return keyed(
    `work-${name}-${one.label}`,
    link(`${count(one.rows)} ${one.label}`, () => open(one.place)),
  );
}

/** The roles: who holds them, what they may do, and the gates that wait for them. */
function rolesCard({ roles, hasRoles, problem, gatesUnknown }: Users): HTMLElement {
  return card(
    'Roles and what they may do',
    ...(gatesUnknown === null
      ? []
      : [html('p', { role: 'alert' }, verdict('bad', 'Open gates are not known.'), ' ', gatesUnknown)]),
    table(
      'Roles and what they may do',
      [
        { title: 'Role', cell: (role: RoleLine) => role.title },
        {
          title: 'Held by',
          cell: (role) =>
            problem !== null
              ? verdict('unknown', 'not known')
              : role.people.join(', ') || (hasRoles ? verdict('warning', 'nobody') : '–'),
        },
        { title: 'Answers for', cell: (role) => role.stages.join(', ') || '–' },
        { title: 'Open gates', cell: gates },
        { title: 'May', cell: may },
      ],
      roles,
    ),
  );
}

function gates({ openGates, title }: RoleLine): Content {
  if (openGates.length === 0) return 'none';
  const lines = openGates.map(({ id, verdict: word, place }) =>
    html(
      'li',
      {},
      keyed(
        `gate-${title}-${id}`,
        link(id, () => open(place)),
      ),
      ' ',
      verdict(word === 'FAIL' ? 'bad' : 'unknown', word === 'FAIL' ? 'fails' : 'not proven'),
    ),
  );
  return html('ul', { class: 'plain' }, ...lines);
}

function may({ may: all }: RoleLine): Content {
  if (all.length === 0) return '–';
  return html(
    'details',
    {},
    html('summary', {}, counted(all.length, 'action')),
    html('ul', {}, ...all.map((words) => html('li', {}, words))),
  );
}
