/**
 * What the tables and fields of a patient administration system can mean. A *family* is a kind of table (patient
 * master, referral, spell …); a *concept* is what one field of that family holds. The recogniser gives each catalog
 * table a family and each field a concept; mapping, mock data, quality rules and gates then speak of
 * `SPELL.admitted_at` and never of one vendor's column name.
 *
 * One line a concept: `name | kind | words`. Kinds: `key` (identifies the row), `ref:FAMILY` (points at another row),
 * `code:SET` (national code list in schemas/code_sets), `code` (a list without a national set), `date`, `datetime`,
 * `time`, `text`, `number`, `flag`. Words: phrases that name the concept in documents, separated by commas.
 */
export type ConceptKind =
  | { readonly type: 'key' | 'date' | 'datetime' | 'time' | 'text' | 'number' | 'flag' }
  | { readonly type: 'ref'; readonly family: string }
  | { readonly type: 'code'; readonly codeSet: string };

export interface Concept {
  readonly family: string;
  readonly name: string;
  readonly kind: ConceptKind;
  /** Lower-case phrases, the field's own name first. */
  readonly phrases: readonly string[];
}

export interface Family {
  readonly id: string;
  readonly title: string;
  /** Lower-case phrases that name such a table. */
  readonly phrases: readonly string[];
  /** In the safety-critical chain patient → referral → pathway → appointment / waiting list → spell → episode. */
  readonly patientChain: boolean;
  readonly concepts: readonly Concept[];
}

interface FamilyText {
  readonly title: string;
  readonly words: string;
  readonly chain?: true;
  readonly concepts: string;
}

const FAMILY_TEXT: Readonly<Record<string, FamilyText>> = {
  PMI: {
    title: 'Patient master',
    words: 'patient master, patient, patient index, master patient index, patient demographics, person',
    chain: true,
    concepts: `
      patient_id | key | patient number, hospital number, local patient identifier, unit number, case note number, mrn
      site_prefix | text | site prefix, number prefix
      nhs_number | text | nhs number, new nhs number
      nhs_number_status | code:nhs_number_status_indicator | nhs number status, nhs number status indicator, trace status
      surname | text | surname, family name, last name
      forename | text | forename, first forename, given name, first name
      middle_names | text | middle names, second forename, other forenames
      title | code | title, name prefix
      former_surname | text | former surname, previous surname, maiden name
      former_surname_changed_on | date | former surname change date, date surname changed
      date_of_birth | date | date of birth, birth date, dob
      birth_time | time | time of birth
      dob_precision | code | date of birth precision, dob estimated flag, birth date status
      sex | code:person_stated_gender | sex, gender, stated gender, person stated gender
      gender_identity | code:gender_identity | gender identity
      ethnic_category | code:ethnic_category | ethnic category, ethnic group, ethnicity, ethnic origin
      marital_status | code:marital_status | marital status
      religion | code | religion, faith
      language | code | preferred language, language, spoken language
      interpreter_required | flag | interpreter required, interpreter needed
      communication_need | code | communication need, reasonable adjustment, accessible information need
      deceased | flag | deceased flag, deceased indicator, dead
      date_of_death | date | date of death, death date
      death_status | code:death_notification_status | death notification status
      restricted | flag | restricted flag, restricted access, confidential record, sensitive record
      withheld_reason | code:withheld_identity_reason | withheld identity reason, reason identity withheld
      merged_into | ref:PMI | merged into patient number, merged to, surviving patient number
      overseas_category | code:overseas_visitor_charging_category | overseas visitor category, overseas visitor charging category
      gp_code | ref:GP | gp code, registered gp, general practitioner
      practice_code | ref:PRACTICE | gp practice, practice code, registered practice
      phone_home | text | home telephone, home phone, telephone number
      phone_mobile | text | mobile telephone, mobile phone
      phone_work | text | work telephone, work phone
      email | text | email address, e-mail
      occupation | text | occupation
      place_of_birth | text | place of birth, birth place
      registered_on | date | date registered, registration date, record created date`,
  },
  ALIAS: {
    title: 'Other patient identifiers',
    words: 'patient alias, alias numbers, other identifiers, patient identifiers, other numbers',
    concepts: `
      alias_id | key | alias id, identifier id
      patient_id | ref:PMI | patient number
      alias_type | code | identifier type, alias type, number type
      alias_value | text | identifier value, alias number, other number, old number
      issuer | text | issuing organisation, assigning authority
      valid_from | date | valid from, start date, date recorded
      valid_to | date | valid to, end date`,
  },
  FORMER_NAME: {
    title: 'Former names',
    words: 'former name, previous name, name history, patient name history, alias name',
    concepts: `
      name_id | key | name id, former name id
      patient_id | ref:PMI | patient number
      sequence | number | name sequence, sequence number
      surname | text | former surname, previous surname, surname
      forename | text | former forename, forename
      changed_on | date | change date, date changed, valid to, end date`,
  },
  MERGE: {
    title: 'Merged patient numbers',
    words: 'patient merge, merge history, merged patients, number merge',
    concepts: `
      merge_id | key | merge id
      old_patient_id | text | old number, merged number, losing number, superseded number
      surviving_patient_id | ref:PMI | surviving number, final number, retained number, survivor
      merged_into | text | merged into number, merge target, next number
      merged_on | date | merge date, date merged
      reason | code | merge reason
      merged_by | text | merged by`,
  },
  ADDR: {
    title: 'Addresses',
    words: 'address, patient address, address history',
    concepts: `
      address_id | key | address id, address number
      patient_id | ref:PMI | patient number
      address_type | code | address type
      sequence | number | address sequence, sequence number
      line_1 | text | address line 1, first line, house and street
      line_2 | text | address line 2, second line
      line_3 | text | address line 3, town
      line_4 | text | address line 4, county
      line_5 | text | address line 5
      postcode | text | postcode, postal code
      country | code | country
      valid_from | date | from date, start date, effective from, moved in
      valid_to | date | to date, end date, effective to, moved out
      current | flag | current address flag, current indicator
      restricted | flag | address restricted, protected address`,
  },
  CONTACT: {
    title: 'Phones and e-mail',
    words: 'contact details, telephone, patient contact number, communication channel, contact point',
    concepts: `
      contact_id | key | contact id
      patient_id | ref:PMI | patient number
      contact_type | code | contact type, telephone type, channel type
      sequence | number | sequence number
      contact_value | text | contact value, telephone number, phone number, number or address
      preferred | flag | preferred contact, preferred flag
      valid_from | date | from date, start date
      valid_to | date | to date, end date`,
  },
  NOK: {
    title: 'Next of kin',
    words: 'next of kin, related person, emergency contact, carer',
    concepts: `
      nok_id | key | next of kin id
      patient_id | ref:PMI | patient number
      sequence | number | next of kin sequence, sequence number
      relationship | code | relationship, relationship to patient
      name | text | next of kin name, name, full name
      surname | text | next of kin surname
      forename | text | next of kin forename
      phone | text | next of kin telephone, telephone number
      address | text | next of kin address
      postcode | text | next of kin postcode, postcode
      valid_from | date | from date, start date
      valid_to | date | to date, end date`,
  },
  GPREG: {
    title: 'GP registrations',
    words: 'gp registration, registered gp, patient gp, gp history',
    concepts: `
      registration_id | key | registration id
      patient_id | ref:PMI | patient number
      sequence | number | sequence number
      gp_code | ref:GP | gp code, registered gp, general practitioner
      practice_code | ref:PRACTICE | practice code, gp practice
      valid_from | date | registration date, from date, start date
      valid_to | date | to date, end date, deregistration date
      reason | code | registration reason, change reason`,
  },
  ALERT: {
    title: 'Alerts',
    words: 'alert, patient alert, warning, risk flag, allergy',
    concepts: `
      alert_id | key | alert id, alert number
      patient_id | ref:PMI | patient number
      sequence | number | alert sequence, sequence number
      alert_type | code | alert type, alert code, warning code, risk code
      severity | code | alert severity, severity
      details | text | alert text, alert details, comment
      valid_from | date | alert start date, date raised, from date
      valid_to | date | alert end date, date ended, to date
      active | flag | active flag, alert active
      recorded_by | text | recorded by, raised by`,
  },
  REF: {
    title: 'Referrals',
    words: 'referral, outpatient referral, referral letter',
    chain: true,
    concepts: `
      referral_id | key | referral number, referral id
      patient_id | ref:PMI | patient number
      pathway_id | ref:RTT | pathway id, patient pathway identifier
      ubrn | text | ubrn, unique booking reference number, e-rs number
      decided_on | date | decision to refer date, referral date, date of letter
      received_on | date | referral received date, date referral received
      received_at | datetime | referral received date and time
      source | code:source_of_referral_outpatients | referral source, source of referral
      priority | code:priority_type | referral priority, priority type, urgency
      reason | text | referral reason, reason for referral
      referral_type | code | referral type, service type requested
      treatment_function | ref:SPECIALTY | treatment function, specialty referred to, treatment function code
      consultant | ref:STAFF | consultant code, referred to consultant, responsible consultant
      referring_gp | ref:GP | referring gp, referrer code, referrer
      referring_practice | ref:PRACTICE | referring organisation, referring practice
      site | ref:SITE | site code, hospital
      status | code | referral status
      outcome | code | referral outcome
      triaged_on | date | triage date
      closed_on | date | referral closed date, date closed, discharge date, referral end date
      closure_reason | code | closure reason, discharge reason
      two_week_wait_type | code | suspected cancer type, two week wait type`,
  },
  RTT: {
    title: 'Referral to treatment pathways',
    words: 'rtt pathway, patient pathway, referral to treatment pathway',
    chain: true,
    concepts: `
      pathway_id | key | patient pathway identifier, pathway number, pathway id
      issuer | text | pathway issuer, organisation code of pathway identifier issuer, issuing organisation
      patient_id | ref:PMI | patient number
      referral_id | ref:REF | referral number
      treatment_function | ref:SPECIALTY | treatment function code, specialty
      started_on | date | pathway start date
      ended_on | date | pathway end date, date pathway closed
      status | code | pathway status`,
  },
  CLOCK: {
    title: 'RTT clocks',
    words: 'rtt clock, rtt period, referral to treatment period, clock history',
    chain: true,
    concepts: `
      clock_id | key | clock id, rtt period id
      pathway_id | ref:RTT | pathway id, patient pathway identifier
      patient_id | ref:PMI | patient number
      referral_id | ref:REF | referral number
      sequence | number | clock sequence, period sequence
      started_on | date | rtt start date, clock start date, period start date
      stopped_on | date | rtt end date, clock stop date, period end date
      status | code:rtt_period_status | rtt status, latest rtt status, period status
      start_status | code:rtt_period_status | clock start status, rtt start status
      open | flag | clock open flag
      breach_on | date | breach date, 18 week breach date
      adjusted_days | number | adjusted days, pause days`,
  },
  RTT_EVENT: {
    title: 'RTT status events',
    words: 'rtt status history, rtt event, rtt status event, rtt activity',
    concepts: `
      event_id | key | event id, rtt event id
      pathway_id | ref:RTT | pathway id, patient pathway identifier
      clock_id | ref:CLOCK | clock id, period id
      patient_id | ref:PMI | patient number
      sequence | number | event sequence
      occurred_on | date | event date, status date, rtt status date
      status | code:rtt_period_status | rtt status, rtt status code
      activity_type | code | activity type, event source
      activity_id | text | activity number, linked activity
      recorded_by | text | recorded by, user`,
  },
  CLINIC: {
    title: 'Clinics',
    words: 'clinic, outpatient clinic, clinic template, clinic master',
    concepts: `
      clinic_code | key | clinic code, clinic id
      name | text | clinic name, clinic description
      consultant | ref:STAFF | clinic consultant, consultant code
      treatment_function | ref:SPECIALTY | treatment function code, specialty
      site | ref:SITE | site code, hospital
      clinic_type | code | clinic type
      slot_minutes | number | slot length, minutes per slot, default duration
      session_start | time | session start time, clinic start time
      session_day | code | day of week, session day
      valid_from | date | opened date, from date, start date
      valid_to | date | closed date, to date, end date
      active | flag | active flag`,
  },
  APPT: {
    title: 'Outpatient appointments',
    words: 'appointment, outpatient appointment, outpatient attendance, booking',
    chain: true,
    concepts: `
      appointment_id | key | appointment number, appointment id
      patient_id | ref:PMI | patient number
      referral_id | ref:REF | referral number
      pathway_id | ref:RTT | pathway id, patient pathway identifier
      clinic_code | ref:CLINIC | clinic code
      consultant | ref:STAFF | consultant code, seen by consultant
      treatment_function | ref:SPECIALTY | treatment function code, specialty
      site | ref:SITE | site code, hospital
      starts_at | datetime | appointment date and time, appointment start
      starts_on | date | appointment date
      start_time | time | appointment time
      duration_minutes | number | duration, appointment length in minutes
      booked_on | date | booking date, date booked, date appointment made
      attendance | code:attended_or_did_not_attend | attendance status, attended or did not attend, appointment status
      first_attendance | code:first_attendance | first attendance, new or follow up, first or follow-up
      outcome | code:outcome_of_attendance | outcome of attendance, attendance outcome, appointment outcome
      priority | code:priority_type | priority
      mode | code | consultation medium, appointment mode, contact mode
      rtt_status | code:rtt_period_status | rtt status of attendance, rtt status
      arrived_at | time | arrival time, time arrived
      seen_at | time | time seen
      left_at | time | departure time, time left
      cancelled_on | date | cancellation date, date cancelled
      cancel_reason | code | cancellation reason
      rebooked_to | ref:APPT | rebooked appointment, rebooked to, replacement appointment
      admin_category | code:administrative_category | administrative category
      transport | flag | transport required`,
  },
  CANCEL: {
    title: 'Appointment cancellations',
    words: 'appointment cancellation, cancellation history, appointment change history',
    concepts: `
      cancellation_id | key | cancellation id
      appointment_id | ref:APPT | appointment number
      patient_id | ref:PMI | patient number
      sequence | number | sequence number
      cancelled_on | date | cancellation date, date cancelled
      cancelled_at | datetime | cancellation date and time
      reason | code | cancellation reason
      cancelled_by | code | cancelled by
      old_starts_at | datetime | original appointment date and time`,
  },
  IWL: {
    title: 'Waiting list entries',
    words: 'waiting list, inpatient waiting list, elective admission list, waiting list entry',
    chain: true,
    concepts: `
      entry_id | key | waiting list entry number, waiting list id, entry number
      patient_id | ref:PMI | patient number
      referral_id | ref:REF | referral number
      pathway_id | ref:RTT | pathway id, patient pathway identifier
      decided_on | date | decision to admit date, date decided to admit
      original_decided_on | date | original decision to admit date, original date on list
      added_on | date | date added to list, date put on list
      elective_type | code:elective_admission_type | elective admission type, waiting list type
      intended_management | code:intended_management | intended management
      list_status | code:elective_admission_list_status | list status, waiting list status
      priority | code:priority_type | priority, priority type
      surgical_priority | code | surgical priority, clinical prioritisation
      treatment_function | ref:SPECIALTY | treatment function code, specialty
      consultant | ref:STAFF | consultant code
      site | ref:SITE | site code, hospital
      procedure_code | text | intended procedure, intended procedure code, opcs code
      procedure_text | text | intended procedure text, procedure description
      planned_by | date | planned by date, due date for planned admission, guaranteed admission date
      tci_on | date | to come in date, tci date, admission offer date
      removed_on | date | removal date, date removed from list
      removal_reason | code:elective_admission_list_removal_reason | removal reason
      suspended_from | date | suspension start date
      suspended_to | date | suspension end date
      anaesthetic | code | anaesthetic type
      short_notice | flag | short notice, available at short notice
      admin_category | code:administrative_category | administrative category`,
  },
  OFFER: {
    title: 'Admission offers',
    words: 'tci offer, admission offer, offer of admission, to come in',
    concepts: `
      offer_id | key | offer id, offer number
      entry_id | ref:IWL | waiting list entry number
      patient_id | ref:PMI | patient number
      sequence | number | offer sequence
      offered_on | date | date offered, offer made date
      tci_on | date | tci date, offered admission date
      tci_at | datetime | tci date and time
      outcome | code | offer outcome
      ward | ref:WARD_REF | ward code
      reason | code | refusal reason, cancellation reason`,
  },
  SPELL: {
    title: 'Hospital provider spells',
    words: 'spell, admission, hospital provider spell, inpatient admission, inpatient stay',
    chain: true,
    concepts: `
      spell_id | key | spell number, admission number, hospital provider spell number
      patient_id | ref:PMI | patient number
      entry_id | ref:IWL | waiting list entry number
      referral_id | ref:REF | referral number
      pathway_id | ref:RTT | pathway id, patient pathway identifier
      admitted_at | datetime | admission date and time
      admitted_on | date | admission date, date admitted
      admitted_time | time | admission time, time admitted
      discharged_at | datetime | discharge date and time
      discharged_on | date | discharge date, date discharged
      discharged_time | time | discharge time, time discharged
      admission_method | code:admission_method | admission method, method of admission
      admission_source | code:source_of_admission | source of admission, admitted from
      classification | code:patient_classification | patient classification
      intended_management | code:intended_management | intended management
      admin_category | code:administrative_category | administrative category
      discharge_method | code:discharge_method | discharge method, method of discharge
      discharge_destination | code:discharge_destination | discharge destination, discharged to
      consultant | ref:STAFF | admitting consultant, consultant code
      treatment_function | ref:SPECIALTY | treatment function code, specialty
      site | ref:SITE | site code, hospital
      ward | ref:WARD_REF | admission ward, current ward, ward code
      bed | text | bed, bed number
      ready_for_discharge_on | date | ready for discharge date, discharge ready date
      expected_discharge_on | date | expected discharge date, estimated date of discharge
      decided_on | date | decision to admit date
      mother_spell_id | ref:SPELL | mother spell number
      legal_status | code:mha_legal_status_classification | legal status on admission, mental health act status`,
  },
  EPI: {
    title: 'Consultant episodes',
    words: 'episode, consultant episode, finished consultant episode, hospital episode',
    chain: true,
    concepts: `
      episode_id | key | episode id, episode number
      spell_id | ref:SPELL | spell number, admission number
      patient_id | ref:PMI | patient number
      sequence | number | episode sequence, episode order
      starts_at | datetime | episode start date and time
      starts_on | date | episode start date
      start_time | time | episode start time
      ends_at | datetime | episode end date and time
      ends_on | date | episode end date
      end_time | time | episode end time
      consultant | ref:STAFF | consultant code, responsible consultant
      main_specialty | code:main_specialty | main specialty, consultant main specialty
      treatment_function | ref:SPECIALTY | treatment function code, specialty
      legal_status | code:mha_legal_status_classification | legal status classification
      coded | flag | coding complete, coded flag
      site | ref:SITE | site code
      end_reason | code | episode end reason`,
  },
  WARD: {
    title: 'Ward stays',
    words: 'ward stay, ward transfer, ward movement, bed stay',
    concepts: `
      stay_id | key | ward stay id
      spell_id | ref:SPELL | spell number, admission number
      patient_id | ref:PMI | patient number
      sequence | number | ward stay sequence
      ward | ref:WARD_REF | ward code
      site | ref:SITE | site code
      bay | text | bay
      bed | text | bed number, bed
      starts_at | datetime | ward start date and time
      starts_on | date | ward start date
      start_time | time | ward start time
      ends_at | datetime | ward end date and time
      ends_on | date | ward end date
      end_time | time | ward end time
      reason | code | transfer reason`,
  },
  DX: {
    title: 'Diagnoses',
    words: 'diagnosis, diagnoses, icd-10, diagnosis coding',
    concepts: `
      diagnosis_id | key | diagnosis id
      episode_id | ref:EPI | episode id
      spell_id | ref:SPELL | spell number
      episode_sequence | number | episode sequence
      patient_id | ref:PMI | patient number
      sequence | number | diagnosis sequence, diagnosis position, coding order
      icd10_code | text | icd-10 code, diagnosis code
      icd10_version | text | icd-10 version, coding edition
      diagnosed_on | date | diagnosis date
      present_on_admission | flag | present on admission
      coded_by | text | coded by, coder
      coded_on | date | date coded`,
  },
  PX: {
    title: 'Procedures',
    words: 'procedure, procedures, opcs-4, operation, procedure coding',
    concepts: `
      procedure_id | key | procedure id
      episode_id | ref:EPI | episode id
      spell_id | ref:SPELL | spell number
      episode_sequence | number | episode sequence
      patient_id | ref:PMI | patient number
      sequence | number | procedure sequence, procedure position, coding order
      opcs4_code | text | opcs-4 code, procedure code, operation code
      opcs4_version | text | opcs-4 version
      performed_on | date | procedure date, operation date, date performed
      laterality | code | laterality, side
      surgeon | ref:STAFF | operating consultant, surgeon
      anaesthetic | code | anaesthetic type
      coded_on | date | date coded`,
  },
  ED: {
    title: 'Emergency department attendances',
    words: 'emergency department, a&e, accident and emergency, emergency attendance, a and e attendance',
    concepts: `
      attendance_id | key | attendance number, attendance id
      patient_id | ref:PMI | patient number
      spell_id | ref:SPELL | spell number, resulting admission
      site | ref:SITE | site code
      arrived_at | datetime | arrival date and time
      arrived_on | date | arrival date
      arrived_time | time | arrival time
      assessed_at | datetime | initial assessment date and time, triage time
      seen_at | datetime | seen for treatment date and time, time seen
      departed_at | datetime | departure date and time
      category | code:ae_attendance_category_legacy | attendance category
      arrival_mode | code | arrival mode
      complaint | text | presenting complaint, chief complaint
      triage_category | code | triage category, acuity
      disposal | code:ae_attendance_disposal_legacy | attendance disposal, disposal code
      source | code | source of referral, referral source
      clinician | ref:STAFF | responsible clinician, consultant code
      incident_location | code | incident location
      diagnosis | text | diagnosis code, a&e diagnosis`,
  },
  MHA: {
    title: 'Mental Health Act legal status periods',
    words: 'mental health act, legal status, mha section, detention, section period',
    concepts: `
      section_id | key | section id, legal status id
      patient_id | ref:PMI | patient number
      spell_id | ref:SPELL | spell number, admission number
      sequence | number | section sequence
      section | code:mha_legal_status_classification | legal status classification, section code, mental health act section
      starts_at | datetime | section start date and time
      starts_on | date | section start date
      start_time | time | section start time
      expires_at | datetime | section expiry date and time
      expires_on | date | section expiry date, expiry date
      ends_at | datetime | section end date and time
      ended_on | date | section end date
      end_reason | code | section end reason
      hospital | ref:SITE | detaining hospital, hospital
      responsible_clinician | ref:STAFF | responsible clinician
      restricted | flag | restriction order flag, restricted
      renewal_due_on | date | renewal due date
      tribunal_due_on | date | tribunal due date
      consent_due_on | date | consent to treatment due date`,
  },
  LEAVE: {
    title: 'Section 17 leave',
    words: 'leave, section 17 leave, leave of absence, home leave',
    concepts: `
      leave_id | key | leave id
      section_id | ref:MHA | section id
      patient_id | ref:PMI | patient number
      spell_id | ref:SPELL | spell number
      leave_type | code | leave type
      starts_at | datetime | leave start date and time
      ends_at | datetime | leave end date and time
      starts_on | date | leave start date
      ends_on | date | leave end date
      approved_by | ref:STAFF | approved by, responsible clinician
      conditions | text | leave conditions`,
  },
  CTO: {
    title: 'Community treatment orders',
    words: 'community treatment order, cto, supervised community treatment',
    concepts: `
      cto_id | key | cto id, order id
      patient_id | ref:PMI | patient number
      section_id | ref:MHA | underlying section id
      starts_on | date | cto start date, order start date
      expires_on | date | cto expiry date, order expiry date
      ended_on | date | cto end date
      end_reason | code | cto end reason
      recalled_on | date | recall date
      responsible_clinician | ref:STAFF | responsible clinician`,
  },
  BIRTH: {
    title: 'Births',
    words: 'birth, mother and baby link, delivery, newborn',
    concepts: `
      birth_id | key | birth id, delivery id
      baby_patient_id | ref:PMI | baby patient number
      mother_patient_id | ref:PMI | mother patient number
      baby_spell_id | ref:SPELL | baby spell number
      mother_spell_id | ref:SPELL | mother spell number
      born_at | datetime | birth date and time
      birth_order | number | birth order
      weight_grams | number | birth weight
      delivery_method | code | delivery method
      live_still | code | live or still birth
      gestation_weeks | number | gestation length`,
  },
  STAFF: {
    title: 'Consultants and staff',
    words: 'consultant, staff, clinician, care professional',
    concepts: `
      staff_code | key | consultant code, staff code, local consultant code
      national_code | text | national consultant code, gmc code, gmc consultant code
      surname | text | surname, consultant surname
      forename | text | forename, initials
      title | text | title
      main_specialty | code:main_specialty | main specialty code
      treatment_function | ref:SPECIALTY | treatment function code
      valid_from | date | start date, from date
      valid_to | date | end date, to date, leaving date
      active | flag | active flag`,
  },
  GP: {
    title: 'General practitioners',
    words: 'general practitioner, gp, gps, gp index',
    concepts: `
      gp_code | key | gp code, local gp code
      national_code | text | national gp code
      surname | text | surname, gp surname
      initials | text | initials
      title | text | title
      practice_code | ref:PRACTICE | practice code, gp practice
      valid_from | date | start date
      valid_to | date | end date`,
  },
  PRACTICE: {
    title: 'GP practices',
    words: 'gp practice, practice, surgery',
    concepts: `
      practice_code | key | practice code
      national_code | text | national practice code, ods code
      name | text | practice name
      line_1 | text | address line 1
      line_2 | text | address line 2
      line_3 | text | address line 3, town
      postcode | text | postcode
      phone | text | telephone number
      commissioner | text | commissioner code, icb code
      valid_from | date | open date, start date
      valid_to | date | close date, end date`,
  },
  SITE: {
    title: 'Hospital sites',
    words: 'site, hospital, hospital site, location',
    concepts: `
      site_code | key | site code, hospital code
      national_code | text | ods site code, national site code
      name | text | site name, hospital name
      trust_code | text | trust code, provider code
      line_1 | text | address line 1
      postcode | text | postcode
      valid_from | date | open date, start date
      valid_to | date | close date, end date
      active | flag | active flag`,
  },
  WARD_REF: {
    title: 'Wards',
    words: 'ward, wards, ward master, ward list',
    concepts: `
      ward_code | key | ward code
      name | text | ward name, ward description
      site | ref:SITE | site code, hospital
      treatment_function | ref:SPECIALTY | specialty
      beds | number | number of beds, bed count
      ward_type | code | ward type
      valid_from | date | open date, start date
      valid_to | date | close date, end date
      active | flag | active flag`,
  },
  SPECIALTY: {
    title: 'Specialties and services',
    words: 'specialty, specialties, treatment function, service',
    concepts: `
      specialty_code | key | specialty code, local specialty code, service code, treatment function code
      treatment_function | code:treatment_function | national treatment function code, treatment function
      main_specialty | code:main_specialty | main specialty code
      name | text | specialty name, description
      valid_from | date | start date
      valid_to | date | end date
      active | flag | active flag`,
  },
  CODE: {
    title: 'Reason and reference codes',
    words: 'reference codes, reason codes, code table, lookup table, reason, codes',
    concepts: `
      code_set | text | code table, list name, domain
      code | key | code, reason code
      description | text | description, meaning
      national_code | text | national code
      valid_from | date | start date
      valid_to | date | end date
      active | flag | active flag`,
  },
};

function parseKind(text: string): ConceptKind {
  if (text.startsWith('ref:')) return { type: 'ref', family: text.slice(4) };
  if (text === 'code') return { type: 'code', codeSet: '' };
  if (text.startsWith('code:')) return { type: 'code', codeSet: text.slice(5) };
  return { type: text as 'text' };
}

function parseConcept(family: string, line: string): Concept {
  const [name = '', kind = '', words = ''] = line.split('|').map((part) => part.trim());
  const phrases = [name.replaceAll('_', ' '), ...words.split(',').map((word) => word.trim())];
  return { family, name, kind: parseKind(kind), phrases: [...new Set(phrases.filter((phrase) => phrase !== ''))] };
}

/** Families by id, patient master first, reference tables last. */
export const FAMILIES: ReadonlyMap<string, Family> = new Map(
  Object.entries(FAMILY_TEXT).map(([id, text]) => [
    id,
    {
      id,
      title: text.title,
      phrases: text.words.split(',').map((word) => word.trim()),
      patientChain: text.chain === true,
      concepts: text.concepts
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => parseConcept(id, line)),
    },
  ]),
);

/** `conceptOf('SPELL', 'admitted_at')`. */
export function conceptOf(family: string, name: string): Concept | undefined {
  return FAMILIES.get(family)?.concepts.find((concept) => concept.name === name);
}
