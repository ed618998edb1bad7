/**
 * What a trust may set differently: filler lists, windows, maximum periods. UNCERTAIN marks a value to be confirmed with
 * the trust's data standards lead or Mental Health Act office before it decides anything (brief, sections 3 and 4).
 */
export interface QualitySettings {
  /** Upper-case surnames that name nobody (CMP-01). */
  readonly placeholderSurnames: readonly string[];
  /** NHS numbers that pass the check digit but are fillers or published samples (VAL-02). */
  readonly placeholderNhsNumbers: readonly string[];
  /** Dates that mean "unknown" (VAL-14). */
  readonly sentinelDates: readonly string[];
  /** Values of the date-of-birth precision concept that mean the day is known (VAL-14). UNCERTAIN: local. */
  readonly exactPrecisions: readonly string[];
  /** Days after episode end within which a primary diagnosis may still be missing (CMP-15). */
  readonly codingGraceDays: number;
  /** Days after which an open spell must be on the long-stay list (TMP-10). */
  readonly longStayDays: number;
  /** Oldest believable age in years (TMP-01). */
  readonly maximumAge: number;
  /** Days ahead an appointment may lie (TMP-07). */
  readonly appointmentHorizonDays: number;
  /** Minutes a patient may be between two wards (TMP-05). */
  readonly wardGapMinutes: number;
  /** Days of waiting above which a clock must be validated (RTT-05): 52 weeks. */
  readonly longWaitDays: number;
  /** Days after cutover whose clinics are matched one by one (SAF-07). */
  readonly firstClinicDays: number;
  /** Days ahead in which Mental Health Act dates are matched (MH-09). */
  readonly statutoryDateDays: number;
  /** Legal status codes under which a person is detained (England). UNCERTAIN: 37/38 hospital directions. */
  readonly detentionCodes: readonly string[];
  /** Codes that carry a restriction order (MH-04). */
  readonly restrictedCodes: readonly string[];
  /** Codes with limits in hours: sections 4, 5(2), 5(4), 135, 136 (MH-08). */
  readonly hourlyCodes: readonly string[];
  /**
   * Longest period in hours by legal status code (MH-03). UNCERTAIN: the Mental Health Act 2025 changes some as commenced;
   * months are counted as 31 days so that the check never fails a lawful period.
   */
  readonly maximumSectionHours: Readonly<Record<string, number>>;
  /** Treatment functions of mental health (TMP-10 leaves their long stays alone). */
  readonly mentalHealthFunctions: readonly string[];
  /** Failing keys of one rule written to the issues file. */
  readonly issuesPerRule: number;
}

const DAY = 24;

export const DEFAULT_SETTINGS: QualitySettings = {
  placeholderSurnames: [
    'UNKNOWN',
    'U/K',
    'UK',
    'TEST',
    'XX',
    'XXX',
    '.',
    '-',
    'NOT GIVEN',
    'NOT KNOWN',
    'N/A',
    'NULL',
    'DO NOT USE',
  ],
  placeholderNhsNumbers: ['1234567881', '4010232137', '9876543210'],
  sentinelDates: [
    '1800-01-01',
    '1840-12-31',
    '1841-01-01',
    '1899-12-30',
    '1900-01-01',
    '1901-01-01',
    '2099-12-31',
    '9999-12-31',
  ],
  exactPrecisions: ['D', 'DAY', 'EXACT', 'FULL', '1'],
  codingGraceDays: 30,
  longStayDays: 365,
  maximumAge: 120,
  appointmentHorizonDays: 730,
  wardGapMinutes: 5,
  longWaitDays: 364,
  firstClinicDays: 14,
  statutoryDateDays: 60,
  detentionCodes: [
    '02',
    '03',
    '04',
    '05',
    '06',
    '07',
    '08',
    '09',
    '10',
    '12',
    '13',
    '14',
    '15',
    '16',
    '17',
    '18',
    '19',
    '20',
    '31',
    '32',
    '37',
    '38',
  ],
  restrictedCodes: ['09', '15', '17', '37'],
  hourlyCodes: ['04', '05', '06', '19', '20'],
  maximumSectionHours: {
    '02': 28 * DAY,
    '03': 184 * DAY,
    '04': 72,
    '05': 72,
    '06': 6,
    '07': 84 * DAY,
    '08': 84 * DAY,
    '10': 184 * DAY,
    '12': 366 * DAY,
    '19': 36,
    '20': 36,
  },
  mentalHealthFunctions: [
    '700',
    '710',
    '711',
    '712',
    '713',
    '715',
    '720',
    '721',
    '722',
    '723',
    '724',
    '725',
    '726',
    '727',
    '730',
  ],
  issuesPerRule: 1000,
};
