/**
 * What happens in each specialty: enough for plausible coding, chosen so that every primary diagnosis may be primary
 * (no asterisk, no external cause) and every primary procedure too (no Y or Z code). Codes are ICD-10 and OPCS-4,
 * written without the dot.
 */
export interface SpecialtyProfile {
  /** National treatment function. */
  readonly treatmentFunction: string;
  /** National main specialty of its consultants. */
  readonly mainSpecialty: string;
  readonly name: string;
  /** Local mnemonic where the source brings no code list of its own. */
  readonly mnemonic: string;
  /** Who is referred there. */
  readonly ages: readonly [from: number, to: number];
  readonly sex?: '1' | '2';
  /** Outpatient referrals, elective lists, emergency admissions: does it take part? */
  readonly outpatient: boolean;
  readonly elective: boolean;
  readonly emergency: boolean;
  readonly diagnoses: readonly string[];
  /** `code text` of elective procedures. */
  readonly procedures: readonly string[];
  readonly reason: string;
}

function profile(
  text: string,
  ages: readonly [number, number],
  part: string,
  diagnoses: string,
  procedures: readonly string[],
  reason: string,
  sex?: '1' | '2',
): SpecialtyProfile {
  const [treatmentFunction = '', mainSpecialty = '', mnemonic = '', ...name] = text.split(' ');
  return {
    treatmentFunction,
    mainSpecialty,
    mnemonic,
    name: name.join(' '),
    ages,
    outpatient: part.includes('o'),
    elective: part.includes('w'),
    emergency: part.includes('e'),
    diagnoses: diagnoses.split(' '),
    procedures,
    reason,
    ...(sex === undefined ? {} : { sex }),
  };
}

const ADULT = [17, 95] as const;
const ANY_AGE = [0, 95] as const;

/** `o` outpatients, `w` waiting list, `e` emergency admissions. */
export const SPECIALTIES: readonly SpecialtyProfile[] = [
  profile(
    '100 100 GS General Surgery',
    ADULT,
    'owe',
    'K409 K802 K359 K579 K429',
    ['T202 Repair of inguinal hernia', 'J183 Removal of gallbladder', 'H014 Removal of appendix'],
    'Groin swelling',
  ),
  profile(
    '101 101 UR Urology',
    [25, 95],
    'owe',
    'N200 N40X N320 C61X',
    ['M459 Inspection of bladder', 'M653 Resection of prostate'],
    'Urinary symptoms',
  ),
  profile(
    '110 110 TO Trauma and Orthopaedics',
    [5, 95],
    'owe',
    'M171 M161 S7200 M232 S5250',
    ['W401 Replacement of knee', 'W371 Replacement of hip', 'W822 Keyhole operation on knee'],
    'Joint pain',
  ),
  profile(
    '120 120 EN Ear Nose and Throat',
    ANY_AGE,
    'owe',
    'J350 H652 J342 R040',
    ['F341 Removal of tonsils', 'D151 Insertion of grommet'],
    'Recurrent sore throat',
  ),
  profile(
    '130 130 OP Ophthalmology',
    [2, 95],
    'ow',
    'H259 H401 H353 H330',
    ['C712 Removal of cataract', 'C795 Injection into eye'],
    'Blurred vision',
  ),
  profile(
    '160 160 PL Plastic Surgery',
    ANY_AGE,
    'ow',
    'C443 L905 M720',
    ['S069 Removal of skin lesion', 'T521 Release of palm tissue'],
    'Skin lesion',
  ),
  profile(
    '300 300 GM General Internal Medicine',
    ADULT,
    'e',
    'J189 N390 I500 R074 J440',
    ['U051 Scan of head'],
    'Breathlessness',
  ),
  profile(
    '301 301 GA Gastroenterology',
    ADULT,
    'owe',
    'K219 K509 K519 K922 D509',
    ['G459 Inspection of upper bowel', 'H229 Inspection of lower bowel'],
    'Change of bowel habit',
  ),
  profile(
    '320 320 CA Cardiology',
    [18, 95],
    'owe',
    'I251 I200 I489 I219',
    ['K634 Heart vessel pictures', 'K601 Insertion of pacemaker'],
    'Palpitations',
  ),
  profile('330 330 DE Dermatology', ANY_AGE, 'ow', 'L400 L209 C447 L700', ['S068 Removal of skin lesion'], 'Rash'),
  profile(
    '340 340 RE Respiratory Medicine',
    ADULT,
    'owe',
    'J449 J459 J841 C349',
    ['E491 Inspection of airways'],
    'Persistent cough',
  ),
  profile('400 400 NE Neurology', [10, 95], 'oe', 'G409 G35X G20X G430', ['A559 Lumbar puncture'], 'Headache'),
  profile(
    '410 410 RH Rheumatology',
    [10, 95],
    'ow',
    'M069 M109 M459 M353',
    ['X921 Infusion of medicine'],
    'Painful hands',
  ),
  profile('420 420 PA Paediatrics', [0, 16], 'oe', 'J219 J459 A084 R568', ['U212 Scan of abdomen'], 'Poor weight gain'),
  profile('430 430 EL Elderly Medicine', [70, 95], 'oe', 'F059 R296 N390 I639', ['U051 Scan of head'], 'Falls'),
  profile(
    '501 501 OB Obstetrics',
    [18, 44],
    '',
    'O800 O821 O420',
    ['R249 Normal delivery', 'R171 Planned caesarean delivery'],
    'Pregnancy',
    '2',
  ),
  profile(
    '502 502 GY Gynaecology',
    [16, 80],
    'owe',
    'N920 D259 N801 N812',
    ['Q181 Inspection of womb', 'Q074 Removal of womb'],
    'Heavy periods',
    '2',
  ),
  profile('710 710 MH Adult Mental Health', [18, 64], 'o', 'F329 F200 F319 F411', [], 'Low mood'),
];

/** Conditions any adult may carry beside the reason for the stay. */
export const COMORBIDITIES: readonly string[] = [
  'I10X',
  'E119',
  'E780',
  'J459',
  'Z867',
  'Z921',
  'K219',
  'N183',
  'M199',
  'E039',
  'Z720',
  'H919',
  'D649',
  'F329',
];

/** Site and side codes that may follow a procedure. */
export const SECONDARY_PROCEDURES: readonly string[] = ['Z942', 'Z943', 'Y981', 'Y753'];

export const COMPLAINTS: readonly string[] = [
  'Chest pain',
  'Abdominal pain',
  'Fall',
  'Shortness of breath',
  'Head injury',
  'Wrist injury',
  'Fever',
  'Laceration',
];
