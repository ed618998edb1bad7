// The target load format and its reviewed mapping, one line a field:
// NAME | description | type | flags | mapping.   Types: Vn text, I whole number, Nn.m decimal, D date, DT date and time, T time.
// Flags: M mandatory, K key, @list code list, >TABLE.FIELD parent, ?value may be imputed in a rehearsal.
// Mapping: =COL or =TABLE.COL direct · ~COL lookup · {rule} derived · #rule surrogate · 'x' constant · ref · out: reason.
// `#` starts a table: TARGET | title | driving table | joins | filter | dedupe ; `+` adds a further row set: name | driving | joins | filter,
// whose own mapping of a field stands after `name:` separated by ` ;; `.
const PATIENT = '{coalesce(PATMRG.FINAL_NO, PAT_NO)}';
const MRG = (table) => `PATMRG ON PATMRG.OLD_NO = ${table}.PAT_NO`;

export const TARGET = `
# LOAD_SITE | Hospital sites | SITEMAST
SITE_CODE | Site code | V5 | M K | =SITE_CD
NATIONAL_SITE_CODE | ODS site code | V5 | M | =SITE_NAT
SITE_NAME | Site name | V60 | M | =SITE_NM
TRUST_CODE | Trust code (provider code) | V5 | | =TRUST_CD
ADDRESS_LINE_1 | Address line 1 | V40 | | =SITE_A1
POSTCODE | Postcode | V8 | | {postcode(SITE_PC)}
OPEN_DATE | Open date | D | | =SITE_FR
CLOSE_DATE | Close date | D | | =SITE_TO
ACTIVE_FLAG | Active flag | V1 | @yes_no | ~SITE_ACT
# LOAD_SPECIALTY | Specialties and services | SPECMAST
SPECIALTY_CODE | Local specialty code | V4 | M K | =SPEC_CD
TREATMENT_FUNCTION_CODE | National treatment function code | V3 | M @treatment_function | ~SPEC_CD
SPECIALTY_NAME | Specialty name | V60 | M | =SPEC_NM
MAIN_SPECIALTY_CODE | Main specialty code | V3 | @main_specialty | ~MSPEC_CD
START_DATE | Start date | D | | =SPEC_FR
END_DATE | End date | D | | =SPEC_TO
ACTIVE_FLAG | Active flag | V1 | @yes_no | ~SPEC_ACT
# LOAD_WARD | Wards | WARDMAST
WARD_CODE | Ward code | V6 | M K | =WARD_CD
WARD_NAME | Ward name | V40 | M | =WARD_NM
SITE_CODE | Site code (hospital) | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
TREATMENT_FUNCTION_CODE | Specialty (treatment function) | V3 | @treatment_function | ~SPEC_CD
BED_COUNT | Number of beds | I | | =BED_CNT
WARD_TYPE | Ward type | V12 | @ward_type | ~WARD_TYP
OPEN_DATE | Open date | D | | =WARD_FR
CLOSE_DATE | Close date | D | | =WARD_TO
ACTIVE_FLAG | Active flag | V1 | @yes_no | ~WARD_ACT
# LOAD_CONSULTANT | Consultants and clinicians | CONSMAST
CONSULTANT_CODE | Local consultant code | V8 | M K | =CONS_CD
NATIONAL_CONSULTANT_CODE | National consultant code (GMC consultant code) | V8 | M | =GMC_CD
SURNAME | Consultant surname | V35 | M | =CONS_SNM
FORENAME | Consultant forename (initials) | V35 | | =CONS_FNM
TITLE | Title | V10 | | =CONS_TTL
MAIN_SPECIALTY_CODE | Main specialty code | V3 | @main_specialty | ~MSPEC_CD
TREATMENT_FUNCTION_CODE | Treatment function code | V3 | @treatment_function | ~SPEC_CD
START_DATE | Start date | D | | =CONS_FR
END_DATE | End date (leaving date) | D | | =CONS_TO
ACTIVE_FLAG | Active flag | V1 | @yes_no | ~CONS_ACT
DIRECTORY_ID | National staff directory identifier | V20 | | ref
# LOAD_GP_PRACTICE | GP practices | GPPRAC
PRACTICE_CODE | Practice code | V8 | M K | =PRAC_CD
NATIONAL_PRACTICE_CODE | National practice code (ODS code) | V6 | | =PRAC_NAT
PRACTICE_NAME | Practice name | V60 | M | =PRAC_NM
ADDRESS_LINE_1 | Address line 1 | V40 | | =PRAC_A1
ADDRESS_LINE_2 | Address line 2 | V40 | | =PRAC_A2
ADDRESS_LINE_3 | Address line 3 (town) | V40 | | =PRAC_A3
POSTCODE | Postcode | V8 | | {postcode(PRAC_PC)}
TELEPHONE | Telephone number | V20 | | =PRAC_TEL
COMMISSIONER_CODE | Commissioner code | V5 | | =PRAC_ICB
OPEN_DATE | Open date | D | | =PRAC_FR
CLOSE_DATE | Close date | D | | =PRAC_TO
# LOAD_GP | General practitioners | GPMAST
GP_CODE | Local GP code | V8 | M K | =GP_CD
NATIONAL_GP_CODE | National GP code | V8 | | =GP_NAT
SURNAME | GP surname | V35 | M | =GP_SNM
INITIALS | Initials | V10 | | =GP_INI
TITLE | Title | V10 | | =GP_TTL
PRACTICE_CODE | Practice code | V8 | >LOAD_GP_PRACTICE.PRACTICE_CODE | =PRAC_CD
START_DATE | Start date | D | | =GP_FR
END_DATE | End date | D | | =GP_TO
# LOAD_REASON_CODE | Reason codes | REASONCD
CODE_TABLE | Code table (list name) | V20 | M K | =RSN_DOM
REASON_CODE | Reason code | V6 | M K | =RSN_CD
DESCRIPTION | Description | V60 | M | =RSN_TX
NATIONAL_CODE | National code | V6 | | =RSN_NAT
START_DATE | Start date | D | | =RSN_FR
END_DATE | End date | D | | =RSN_TO
# LOAD_CLINIC | Outpatient clinics | OPCLIN
CLINIC_CODE | Clinic code | V8 | M K | =CLIN_CD
CLINIC_NAME | Clinic name | V40 | M | =CLIN_NM
CONSULTANT_CODE | Clinic consultant code | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
TREATMENT_FUNCTION_CODE | Treatment function code (specialty) | V3 | M @treatment_function | ~SPEC_CD
SITE_CODE | Site code (hospital) | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
CLINIC_TYPE | Clinic type | V12 | @clinic_type | ~CLIN_TYP
SLOT_MINUTES | Slot length (minutes per slot) | I | | =SLOT_MN
SESSION_START_TIME | Session start time | T | | =SESS_S
SESSION_DAY | Session day (day of week) | V3 | @weekday | ~SESS_DY
OPENED_DATE | Opened date | D | | =CLIN_FR
CLOSED_DATE | Closed date | D | | =CLIN_TO
ACTIVE_FLAG | Active flag | V1 | @yes_no | ~CLIN_ACT
# LOAD_PATIENT | Patients | PATMAST | ${MRG('PATMAST')} | PATMRG.OLD_NO IS NULL
PATIENT_ID | Patient number (hospital number) | V10 | M K | =PAT_NO
NHS_NUMBER | NHS number | V10 | | {nhs_number(NHS_NO)}
NHS_NUMBER_STATUS | NHS number status indicator | V2 | M @nhs_number_status_indicator | ~NHS_STAT
SURNAME | Surname (family name) | V35 | M | =SNM
FORENAME | First forename (given name) | V35 | | =FNM1
MIDDLE_NAMES | Middle names (other forenames) | V35 | | =FNM2
TITLE | Title | V8 | @title | ~TTL
DATE_OF_BIRTH | Date of birth | D | M | =DOB_H
TIME_OF_BIRTH | Time of birth | T | | =TOB_S
DATE_OF_BIRTH_PRECISION | Date of birth precision | V1 | M @dob_precision ?D | ~DOB_EST
STATED_GENDER | Sex (person stated gender) | V1 | M @person_stated_gender ?X | ~SEX_CD
GENDER_IDENTITY | Gender identity | V1 | @gender_identity | ~GENID_CD
ETHNIC_CATEGORY | Ethnic category | V2 | @ethnic_category | ~ETH_CD
MARITAL_STATUS | Marital status | V1 | @marital_status | ~MAR_CD
RELIGION | Religion | V4 | @religion | ~REL_CD
PREFERRED_LANGUAGE | Preferred language | V4 | @language | ~LANG_CD
INTERPRETER_REQUIRED | Interpreter required | V1 | @yes_no | ~INTERP
COMMUNICATION_NEED | Communication need (reasonable adjustment) | V8 | @communication_need | ~COMM_CD
DECEASED_FLAG | Deceased flag | V1 | @yes_no | ~DEAD_FL
DATE_OF_DEATH | Date of death | D | | =DOD_H
DEATH_STATUS | Death notification status | V1 | @death_notification_status | ~DTH_STAT
RESTRICTED_FLAG | Restricted access flag | V1 | @yes_no | ~RESTR_FL
WITHHELD_IDENTITY_REASON | Withheld identity reason | V2 | @withheld_identity_reason | ~WHLD_CD
OVERSEAS_CHARGING_CATEGORY | Overseas visitor charging category | V1 | @overseas_visitor_charging_category | ~OVS_CD
HOME_TELEPHONE | Home telephone number | V20 | | =TEL_H
MOBILE_TELEPHONE | Mobile telephone number | V20 | | =TEL_M
WORK_TELEPHONE | Work telephone number | V20 | | =TEL_W
EMAIL_ADDRESS | E-mail address | V80 | | =EML
OCCUPATION | Occupation | V40 | | =OCC
PLACE_OF_BIRTH | Place of birth | V40 | | =POB
REGISTERED_DATE | Date registered | D | | =REG_DT
PDS_LAST_TRACED | Last traced on the national demographics service | DT | | ref
PHOTO_CONSENT | Consent to photograph | V1 | @yes_no | out: Not recorded in the old system; asked at the next visit.
# LOAD_PATIENT_IDENTIFIER | Other patient identifiers | PATXID | ${MRG('PATXID')}
+ merged | PATMRG | | 
IDENTIFIER_ID | Identifier id | V14 | M K | =XID_NO ;; merged: {'MRG-' || OLD_NO}
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT} ;; merged: =FINAL_NO
IDENTIFIER_TYPE | Identifier type | V8 | M @identifier_type | ~XID_TYP ;; merged: 'MERGED'
IDENTIFIER_VALUE | Identifier value (other number) | V20 | M | =XID_VAL ;; merged: =OLD_NO
ISSUING_ORGANISATION | Issuing organisation | V10 | | =XID_ORG ;; merged: {CAST(NULL AS VARCHAR)}
VALID_FROM | Valid from | D | | =XID_FR ;; merged: {CAST(NULL AS DATE)}
VALID_TO | Valid to | D | | =XID_TO ;; merged: =MRG_DT
# LOAD_PATIENT_MERGE | Patient merge history | PATMRG
OLD_PATIENT_ID | Old number (losing number) | V10 | M K | =OLD_NO
SURVIVING_PATIENT_ID | Surviving number | V10 | M >LOAD_PATIENT.PATIENT_ID | =FINAL_NO
MERGED_INTO_ID | Merged into number (next number in the chain) | V10 | | =NEXT_NO
MERGE_DATE | Date merged | D | M | =MRG_DT
MERGE_REASON | Merge reason | V10 | @merge_reason | ~MRG_RSN
MERGED_BY | Merged by | V10 | | =MRG_BY
# LOAD_FORMER_NAME | Former names | PATMAST | ${MRG('PATMAST')} | FSN1 IS NOT NULL AND PATMRG.OLD_NO IS NULL
+ former_2 | PATMAST | ${MRG('PATMAST')} | FSN2 IS NOT NULL AND PATMRG.OLD_NO IS NULL
+ former_3 | PATMAST | ${MRG('PATMAST')} | FSN3 IS NOT NULL AND PATMRG.OLD_NO IS NULL
PATIENT_ID | Patient number | V10 | M K >LOAD_PATIENT.PATIENT_ID | =PAT_NO
NAME_SEQUENCE | Name sequence | I | M K | '1' ;; former_2: '2' ;; former_3: '3'
FORMER_SURNAME | Former surname | V35 | M | =FSN1 ;; former_2: =FSN2 ;; former_3: =FSN3
CHANGE_DATE | Change date | D | | =FSN1_DT ;; former_2: =FSN2_DT ;; former_3: =FSN3_DT
# LOAD_ADDRESS | Patient addresses | PATADR | ${MRG('PATADR')}
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
ADDRESS_ID | Address id | V20 | M K | {PAT_NO || '-' || ADR_SEQ}
ADDRESS_SEQUENCE | Address sequence | I | M | =ADR_SEQ
ADDRESS_TYPE | Address type | V6 | M @address_type | ~ADR_TYP
ADDRESS_LINE_1 | Address line 1 (house and street) | V40 | | =ADR1
ADDRESS_LINE_2 | Address line 2 | V40 | | =ADR2
ADDRESS_LINE_3 | Address line 3 (town) | V40 | | =ADR3
ADDRESS_LINE_4 | Address line 4 (county) | V40 | | =ADR4
POSTCODE | Postcode | V8 | | {postcode(ADR_PC)}
COUNTRY | Country | V6 | @country | ~ADR_CTRY
FROM_DATE | From date | D | | =ADR_FR
TO_DATE | To date | D | | =ADR_TO
CURRENT_FLAG | Current address flag | V1 | @yes_no | {CASE WHEN PATMRG.OLD_NO IS NOT NULL OR ADR_TO IS NOT NULL THEN 'N' WHEN ADR_CUR IN ('Y', '1') THEN 'Y' WHEN ADR_CUR IN ('N', '0') THEN 'N' END}
PROTECTED_FLAG | Address restricted (protected address) | V1 | @yes_no | ~ADR_PROT
# LOAD_CONTACT | Contact details | PATTEL | ${MRG('PATTEL')}
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
CONTACT_ID | Contact id | V20 | M K | {PAT_NO || '-' || TEL_SEQ}
CONTACT_SEQUENCE | Sequence number | I | M | =TEL_SEQ
CONTACT_TYPE | Contact type | V6 | M @contact_type | ~TEL_TYP
CONTACT_VALUE | Contact value (telephone number or address) | V80 | M | =TEL_VAL
PREFERRED_FLAG | Preferred contact flag | V1 | @yes_no | ~TEL_PREF
FROM_DATE | From date | D | | =TEL_FR
TO_DATE | To date | D | | =TEL_TO
# LOAD_NEXT_OF_KIN | Next of kin | PATNOK | ${MRG('PATNOK')}
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
NEXT_OF_KIN_ID | Next of kin id | V20 | M K | {PAT_NO || '-' || NOK_SEQ}
NEXT_OF_KIN_SEQUENCE | Next of kin sequence | I | M | =NOK_SEQ
RELATIONSHIP | Relationship to patient | V8 | @relationship | ~NOK_REL
SURNAME | Next of kin surname | V35 | M | =NOK_SNM
FORENAME | Next of kin forename | V35 | | =NOK_FNM
TELEPHONE | Next of kin telephone number | V20 | | =NOK_TEL
ADDRESS | Next of kin address | V80 | | =NOK_ADR
POSTCODE | Next of kin postcode | V8 | | {postcode(NOK_PC)}
FROM_DATE | From date | D | | =NOK_FR
TO_DATE | To date | D | | =NOK_TO
# LOAD_GP_REGISTRATION | GP registrations | PATGPR | ${MRG('PATGPR')}
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
REGISTRATION_ID | Registration id | V20 | M K | {PAT_NO || '-' || GPR_SEQ}
REGISTRATION_SEQUENCE | Sequence number | I | M | =GPR_SEQ
GP_CODE | Registered GP code | V8 | >LOAD_GP.GP_CODE | =GP_CD
PRACTICE_CODE | Practice code | V8 | M >LOAD_GP_PRACTICE.PRACTICE_CODE | =PRAC_CD
FROM_DATE | Registration date (from date) | D | | =GPR_FR
TO_DATE | Deregistration date (to date) | D | | {coalesce(horolog_date(GPR_TO), horolog_date(PATMRG.MRG_DT))}
CHANGE_REASON | Registration change reason | V6 | @registration_reason | ~GPR_RSN
# LOAD_ALERT | Patient alerts | PATALT | ${MRG('PATALT')}
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
ALERT_ID | Alert id | V20 | M K | {PAT_NO || '-' || ALT_SEQ}
ALERT_SEQUENCE | Alert sequence | I | M | =ALT_SEQ
ALERT_TYPE | Alert type | V12 | M @alert_type | ~ALT_CD
SEVERITY | Alert severity | V6 | @alert_severity | ~ALT_SEV
DETAILS | Alert details | V120 | | =ALT_TXT
START_DATE | Alert start date | D | M | =ALT_FR
END_DATE | Alert end date | D | | =ALT_TO
ACTIVE_FLAG | Alert active flag | V1 | @yes_no | ~ALT_ACT
RECORDED_BY | Recorded by | V10 | | =ALT_BY
# LOAD_REFERRAL | Referrals | REFMAST | ${MRG('REFMAST')}
REFERRAL_KEY | Referral key | I | M K | #REF_NO
REFERRAL_NUMBER | Referral number | V12 | M | =REF_NO
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
PATHWAY_ID | Patient pathway identifier | V20 | | =PWY_ID
UBRN | Unique booking reference number (UBRN) | V12 | | =UBRN
DECISION_TO_REFER_DATE | Decision to refer date | D | | =REF_DT
RECEIVED_DATE | Referral received date | D | M | =RCV_DT
REFERRAL_SOURCE | Referral source | V2 | M @source_of_referral_outpatients | ~REF_SRC
PRIORITY | Referral priority | V1 | M @priority_type | ~REF_PRI
REFERRAL_REASON | Reason for referral | V80 | | =REF_RSN
REFERRAL_TYPE | Referral type | V12 | @referral_type | ~REF_TYP
TREATMENT_FUNCTION_CODE | Treatment function (specialty referred to) | V3 | M @treatment_function | ~SPEC_CD
CONSULTANT_CODE | Referred to consultant code | V8 | M >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
REFERRING_GP_CODE | Referring GP | V8 | >LOAD_GP.GP_CODE | =REF_GP
REFERRING_PRACTICE_CODE | Referring practice (referring organisation) | V8 | >LOAD_GP_PRACTICE.PRACTICE_CODE | =REF_PRAC
SITE_CODE | Site code (hospital) | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
REFERRAL_STATUS | Referral status | V8 | @referral_status | ~REF_ST
REFERRAL_OUTCOME | Referral outcome | V12 | @referral_outcome | ~REF_OUT
TRIAGE_DATE | Triage date | D | | =TRI_DT
CLOSED_DATE | Referral closed date | D | | =CLS_DT
CLOSURE_REASON | Closure reason | V12 | @closure_reason | ~CLS_RSN
TWO_WEEK_WAIT_TYPE | Suspected cancer type (two week wait type) | V10 | @two_week_wait_type | ~TWW_TYP
# LOAD_RTT_PATHWAY | RTT pathways | RTTPWY | ${MRG('RTTPWY')}
PATHWAY_ID | Patient pathway identifier | V20 | M K | =PWY_ID
PATHWAY_ISSUER | Pathway issuer (organisation code) | V5 | M | =PWY_ORG
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
REFERRAL_KEY | Referral key | I | M >LOAD_REFERRAL.REFERRAL_KEY | #REF_NO
TREATMENT_FUNCTION_CODE | Treatment function code | V3 | @treatment_function | ~SPEC_CD
PATHWAY_STATUS | Pathway status | V6 | @pathway_status | ~PWY_ST
START_DATE | Pathway start date | D | | =PWY_FR
END_DATE | Pathway end date | D | | =PWY_TO
# LOAD_RTT_CLOCK | RTT clocks | RTTCLK | ${MRG('RTTCLK')}
CLOCK_ID | Clock id (RTT period id) | V14 | M K | =CLK_ID
PATHWAY_ID | Patient pathway identifier | V20 | M >LOAD_RTT_PATHWAY.PATHWAY_ID | =PWY_ID
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
REFERRAL_KEY | Referral key | I | >LOAD_REFERRAL.REFERRAL_KEY | #REF_NO
CLOCK_SEQUENCE | Clock sequence | I | M | =CLK_SEQ
CLOCK_START_DATE | Clock start date | D | M | =CLK_FR
CLOCK_STOP_DATE | Clock stop date | D | | =CLK_TO
RTT_STATUS | Latest RTT status | V2 | M @rtt_period_status | ~CLK_ST
START_STATUS | Clock start status | V2 | @rtt_period_status | ~CLK_ST0
OPEN_FLAG | Clock open flag | V1 | @yes_no | ~CLK_OPEN
BREACH_DATE | Breach date | D | | =BRCH_DT
ADJUSTED_DAYS | Adjusted days | I | | =ADJ_DAYS
# LOAD_RTT_EVENT | RTT status events | RTTEVT | ${MRG('RTTEVT')}
EVENT_ID | Event id | V16 | M K | =EVT_ID
PATHWAY_ID | Patient pathway identifier | V20 | M >LOAD_RTT_PATHWAY.PATHWAY_ID | =PWY_ID
CLOCK_ID | Clock id | V14 | M >LOAD_RTT_CLOCK.CLOCK_ID | =CLK_ID
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
EVENT_SEQUENCE | Event sequence | I | M | =EVT_SEQ
EVENT_DATE | Event date (RTT status date) | D | M | =EVT_DT
RTT_STATUS | RTT status code | V2 | M @rtt_period_status | ~EVT_ST
ACTIVITY_TYPE | Activity type | V14 | @activity_type | ~EVT_TYP
ACTIVITY_NUMBER | Activity number (linked activity) | V14 | | =EVT_ACT
RECORDED_BY | Recorded by | V10 | | =EVT_BY
# LOAD_APPOINTMENT | Outpatient appointments | OPAPPT | ${MRG('OPAPPT')}
APPOINTMENT_ID | Appointment number | V14 | M K | =APPT_NO
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
REFERRAL_KEY | Referral key | I | >LOAD_REFERRAL.REFERRAL_KEY | #REF_NO
PATHWAY_ID | Patient pathway identifier | V20 | >LOAD_RTT_PATHWAY.PATHWAY_ID | =PWY_ID
CLINIC_CODE | Clinic code | V8 | M >LOAD_CLINIC.CLINIC_CODE | =CLIN_CD
CONSULTANT_CODE | Consultant code | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
TREATMENT_FUNCTION_CODE | Treatment function code | V3 | @treatment_function | ~SPEC_CD
SITE_CODE | Site code | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
APPOINTMENT_DATETIME | Appointment date and time | DT | M | =APPT_DTM
DURATION_MINUTES | Duration (appointment length in minutes) | I | | =APPT_MN
BOOKED_DATE | Booking date | D | | =BKD_DT
ATTENDANCE_STATUS | Attendance status (attended or did not attend) | V1 | M @attended_or_did_not_attend | ~ATT_CD
FIRST_ATTENDANCE | First attendance (new or follow-up) | V1 | M @first_attendance | ~FST_CD
ATTENDANCE_OUTCOME | Outcome of attendance | V1 | @outcome_of_attendance | ~OUT_CD
PRIORITY | Priority | V1 | @priority_type | ~PRI_CD
APPOINTMENT_MODE | Appointment mode (consultation medium) | V10 | @appointment_mode | ~MODE_CD
RTT_STATUS | RTT status of attendance | V2 | @rtt_period_status | ~RTT_CD
ARRIVAL_TIME | Arrival time | T | | =ARR_S
SEEN_TIME | Time seen | T | | =SEEN_S
DEPARTURE_TIME | Departure time | T | | =LEFT_S
CANCELLED_DATE | Cancellation date | D | | =CNX_DT
CANCELLATION_REASON | Cancellation reason | V18 | @cancel_reason | ~CNX_RSN
REBOOKED_TO | Rebooked appointment | V14 | >LOAD_APPOINTMENT.APPOINTMENT_ID | =REBK_NO
ADMINISTRATIVE_CATEGORY | Administrative category | V2 | @administrative_category | ~ADM_CAT
TRANSPORT_REQUIRED | Transport required | V1 | @yes_no | ~TRANSP
# LOAD_APPOINTMENT_CANCELLATION | Appointment cancellations | OPCNX | ${MRG('OPCNX')}
APPOINTMENT_ID | Appointment number | V14 | M K >LOAD_APPOINTMENT.APPOINTMENT_ID | =APPT_NO
CANCELLATION_SEQUENCE | Sequence number | I | M K | =CNX_SEQ
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
CANCELLED_DATETIME | Cancellation date and time | DT | M | =CNX_DTM
CANCELLATION_REASON | Cancellation reason | V18 | @cancel_reason | ~CNX_RSN
CANCELLED_BY | Cancelled by | V8 | M @cancelled_by | ~CNX_BY
ORIGINAL_DATETIME | Original appointment date and time | DT | | =OLD_DTM
# LOAD_WAITING_LIST_ENTRY | Waiting list entries | IWLENT | ${MRG('IWLENT')}
ENTRY_ID | Waiting list entry number | V12 | M K | =WL_NO
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
REFERRAL_KEY | Referral key | I | M >LOAD_REFERRAL.REFERRAL_KEY | #REF_NO
PATHWAY_ID | Patient pathway identifier | V20 | >LOAD_RTT_PATHWAY.PATHWAY_ID | =PWY_ID
DECISION_TO_ADMIT_DATE | Decision to admit date | D | M | =DTA_DT
ORIGINAL_DECISION_DATE | Original decision to admit date | D | | =ODTA_DT
ADDED_TO_LIST_DATE | Date added to list | D | | =LST_DT
ELECTIVE_ADMISSION_TYPE | Elective admission type | V2 | M @elective_admission_type | ~EL_TYP
INTENDED_MANAGEMENT | Intended management | V1 | M @intended_management | ~IM_CD
LIST_STATUS | Waiting list status | V2 | @elective_admission_list_status | ~LST_ST
PRIORITY | Priority | V1 | M @priority_type | ~WL_PRI
SURGICAL_PRIORITY | Surgical priority (clinical prioritisation) | V2 | @surgical_priority | ~SURG_PRI
TREATMENT_FUNCTION_CODE | Treatment function code | V3 | M @treatment_function | ~SPEC_CD
CONSULTANT_CODE | Consultant code | V8 | M >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
SITE_CODE | Site code | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
INTENDED_PROCEDURE_CODE | Intended procedure code | V5 | | =PROC_CD
INTENDED_PROCEDURE_TEXT | Intended procedure text | V80 | | =PROC_TX
PLANNED_BY_DATE | Planned by date | D | | =PLN_DT
TCI_DATE | To come in date (TCI date) | D | | =TCI_DT
REMOVAL_DATE | Removal date | D | | =RMV_DT
REMOVAL_REASON | Removal reason | V1 | @elective_admission_list_removal_reason | ~RMV_RSN
SUSPENSION_START_DATE | Suspension start date | D | | =SUS_FR
SUSPENSION_END_DATE | Suspension end date | D | | =SUS_TO
ANAESTHETIC_TYPE | Anaesthetic type | V10 | @anaesthetic | ~ANAES
SHORT_NOTICE_FLAG | Available at short notice | V1 | @yes_no | ~SHORT_N
ADMINISTRATIVE_CATEGORY | Administrative category | V2 | @administrative_category | ~ADM_CAT
# LOAD_ADMISSION_OFFER | Admission offers | IWLTCI | ${MRG('IWLTCI')}
OFFER_ID | Offer number | V14 | M K | =OFF_NO
ENTRY_ID | Waiting list entry number | V12 | M >LOAD_WAITING_LIST_ENTRY.ENTRY_ID | =WL_NO
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
OFFER_SEQUENCE | Offer sequence | I | M | =OFF_SEQ
OFFERED_DATE | Date offered | D | M | =OFF_DT
TCI_DATE | Offered admission date (TCI date) | D | M | =TCI_DT
OFFER_OUTCOME | Offer outcome | V10 | @offer_outcome | ~OFF_OUT
WARD_CODE | Ward code | V6 | >LOAD_WARD.WARD_CODE | =WARD_CD
REFUSAL_REASON | Refusal reason (cancellation reason) | V18 | @cancel_reason | ~OFF_RSN
# LOAD_SPELL | Hospital provider spells | ADMSPELL | ${MRG('ADMSPELL')}
SPELL_ID | Spell number (admission number) | V12 | M K | =SPL_NO
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
ENTRY_ID | Waiting list entry number | V12 | >LOAD_WAITING_LIST_ENTRY.ENTRY_ID | =WL_NO
REFERRAL_KEY | Referral key | I | >LOAD_REFERRAL.REFERRAL_KEY | #REF_NO
PATHWAY_ID | Patient pathway identifier | V20 | >LOAD_RTT_PATHWAY.PATHWAY_ID | =PWY_ID
ADMISSION_DATETIME | Admission date and time | DT | M | =ADM_HS
DISCHARGE_DATETIME | Discharge date and time | DT | | =DIS_HS
ADMISSION_METHOD | Admission method | V2 | M @admission_method | ~ADM_MTH
ADMISSION_SOURCE | Source of admission | V2 | M @source_of_admission | ~ADM_SRC
PATIENT_CLASSIFICATION | Patient classification | V1 | M @patient_classification | ~PAT_CLS
INTENDED_MANAGEMENT | Intended management | V1 | @intended_management | ~IM_CD
ADMINISTRATIVE_CATEGORY | Administrative category | V2 | M @administrative_category | ~ADM_CAT
DISCHARGE_METHOD | Discharge method | V1 | @discharge_method | ~DIS_MTH
DISCHARGE_DESTINATION | Discharge destination | V2 | @discharge_destination | ~DIS_DST
CONSULTANT_CODE | Admitting consultant code | V8 | M >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
TREATMENT_FUNCTION_CODE | Treatment function code | V3 | M @treatment_function | ~SPEC_CD
SITE_CODE | Site code | V5 | M >LOAD_SITE.SITE_CODE | =SITE_CD
WARD_CODE | Admission ward (ward code) | V6 | >LOAD_WARD.WARD_CODE | =WARD_CD
BED_NUMBER | Bed number | V6 | | =BED_NO
READY_FOR_DISCHARGE_DATE | Ready for discharge date | D | | =RFD_DT
EXPECTED_DISCHARGE_DATE | Expected discharge date | D | | =EDD_DT
DECISION_TO_ADMIT_DATE | Decision to admit date | D | | =DTA_DT
MOTHER_SPELL_ID | Mother spell number | V12 | >LOAD_SPELL.SPELL_ID | =MUM_SPL
LEGAL_STATUS_ON_ADMISSION | Legal status on admission | V2 | @mha_legal_status_classification | ~LEGAL_CD
# LOAD_EPISODE | Consultant episodes | ADMEPI | ${MRG('ADMEPI')}
SPELL_ID | Spell number | V12 | M K >LOAD_SPELL.SPELL_ID | =SPL_NO
EPISODE_SEQUENCE | Episode sequence | I | M K | =EPI_SEQ
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
EPISODE_START_DATETIME | Episode start date and time | DT | M | =EPI_FR
EPISODE_END_DATETIME | Episode end date and time | DT | | =EPI_TO
CONSULTANT_CODE | Responsible consultant code | V8 | M >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
MAIN_SPECIALTY_CODE | Consultant main specialty | V3 | M @main_specialty | ~MSPEC_CD
TREATMENT_FUNCTION_CODE | Treatment function code | V3 | M @treatment_function | ~SPEC_CD
LEGAL_STATUS | Legal status classification | V2 | @mha_legal_status_classification | ~LEGAL_CD
CODED_FLAG | Coding complete flag | V1 | @yes_no | ~CODED_FL
SITE_CODE | Site code | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
END_REASON | Episode end reason | V10 | @episode_end_reason | ~EPI_RSN
HRG_CODE | Health resource group | V5 | | out: Derived by the target's grouper after coding is loaded.
# LOAD_WARD_STAY | Ward stays | ADMWARD | ${MRG('ADMWARD')}
SPELL_ID | Spell number | V12 | M K >LOAD_SPELL.SPELL_ID | =SPL_NO
WARD_STAY_SEQUENCE | Ward stay sequence | I | M K | =WS_SEQ
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
WARD_CODE | Ward code | V6 | M >LOAD_WARD.WARD_CODE | =WARD_CD
SITE_CODE | Site code | V5 | >LOAD_SITE.SITE_CODE | =SITE_CD
BAY | Bay | V4 | | =BAY_CD
BED_NUMBER | Bed number | V6 | | =BED_NO
WARD_START_DATETIME | Ward start date and time | DT | M | =WS_FR
WARD_END_DATETIME | Ward end date and time | DT | | =WS_TO
TRANSFER_REASON | Transfer reason | V10 | @transfer_reason | ~WS_RSN
# LOAD_DIAGNOSIS | Diagnoses | CODDIAG | ${MRG('CODDIAG')}
SPELL_ID | Spell number | V12 | M K >LOAD_EPISODE.SPELL_ID | =SPL_NO
EPISODE_SEQUENCE | Episode sequence | I | M K >LOAD_EPISODE.EPISODE_SEQUENCE | =EPI_SEQ
DIAGNOSIS_SEQUENCE | Diagnosis sequence (coding order) | I | M K | =DX_SEQ
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
ICD10_CODE | ICD-10 diagnosis code | V6 | M | =ICD_CD
ICD10_VERSION | ICD-10 version | V4 | | =ICD_VER
DIAGNOSIS_DATE | Diagnosis date | D | | =DX_DT
PRESENT_ON_ADMISSION | Present on admission | V1 | @yes_no | ~POA_FL
CODED_BY | Coded by | V10 | | =CODER
CODED_DATE | Date coded | D | | =COD_DT
# LOAD_PROCEDURE | Procedures | CODPROC | ${MRG('CODPROC')}
SPELL_ID | Spell number | V12 | M K >LOAD_EPISODE.SPELL_ID | =SPL_NO
EPISODE_SEQUENCE | Episode sequence | I | M K >LOAD_EPISODE.EPISODE_SEQUENCE | =EPI_SEQ
PROCEDURE_SEQUENCE | Procedure sequence (coding order) | I | M K | =PX_SEQ
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
OPCS4_CODE | OPCS-4 procedure code | V5 | M | =OPCS_CD
OPCS4_VERSION | OPCS-4 version | V4 | | =OPCS_VER
PROCEDURE_DATE | Procedure date | D | | =PX_DT
LATERALITY | Laterality (side) | V1 | @laterality | ~LAT_CD
OPERATING_CONSULTANT_CODE | Operating consultant (surgeon) | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =SURG_CD
ANAESTHETIC_TYPE | Anaesthetic type | V10 | @anaesthetic | ~ANAES
CODED_DATE | Date coded | D | | =COD_DT
# LOAD_ED_ATTENDANCE | Emergency department attendances | AEATT | ${MRG('AEATT')}
ATTENDANCE_ID | Attendance number | V12 | M K | =AE_NO
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
SPELL_ID | Spell number (resulting admission) | V12 | >LOAD_SPELL.SPELL_ID | =SPL_NO
SITE_CODE | Site code | V5 | M >LOAD_SITE.SITE_CODE | =SITE_CD
ARRIVAL_DATETIME | Arrival date and time | DT | M | =ARR_DTM
ASSESSMENT_DATETIME | Initial assessment date and time | DT | | =ASS_DTM
SEEN_DATETIME | Seen for treatment date and time | DT | | =SEEN_DTM
DEPARTURE_DATETIME | Departure date and time | DT | | =DEP_DTM
ATTENDANCE_CATEGORY | Attendance category | V1 | @ae_attendance_category_legacy | ~AE_CAT
ARRIVAL_MODE | Arrival mode | V10 | @arrival_mode | ~ARR_MODE
PRESENTING_COMPLAINT | Presenting complaint | V80 | | =COMPL
TRIAGE_CATEGORY | Triage category | V12 | @triage_category | ~TRI_CAT
DISPOSAL | Attendance disposal | V2 | @ae_attendance_disposal_legacy | ~DISP_CD
REFERRAL_SOURCE | Source of referral | V10 | @ae_source | ~AE_SRC
CLINICIAN_CODE | Responsible clinician (consultant code) | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =CONS_CD
INCIDENT_LOCATION | Incident location | V8 | @incident_location | ~INC_LOC
DIAGNOSIS_CODE | Diagnosis code | V6 | | =AE_DIAG
# LOAD_MHA_SECTION | Mental Health Act sections | MHSECT | ${MRG('MHSECT')}
SECTION_ID | Section id | V12 | M K | =SECT_ID
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
SPELL_ID | Spell number | V12 | >LOAD_SPELL.SPELL_ID | =SPL_NO
SECTION_SEQUENCE | Section sequence | I | M | =SECT_SEQ
LEGAL_STATUS | Section code (legal status classification) | V2 | M @mha_legal_status_classification | ~SECT_CD
SECTION_START_DATETIME | Section start date and time | DT | M | =SECT_FR
SECTION_EXPIRY_DATETIME | Section expiry date and time | DT | M | =SECT_EXP
SECTION_END_DATETIME | Section end date and time | DT | | =SECT_TO
END_REASON | Section end reason | V10 | @section_end_reason | ~SECT_RSN
DETAINING_HOSPITAL | Detaining hospital | V5 | >LOAD_SITE.SITE_CODE | =HOSP_CD
RESPONSIBLE_CLINICIAN_CODE | Responsible clinician | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =RC_CD
RESTRICTION_FLAG | Restriction order flag | V1 | @yes_no | ~RESTR_FL
RENEWAL_DUE_DATE | Renewal due date | D | | =RENEW_DT
TRIBUNAL_DUE_DATE | Tribunal due date | D | | =TRIB_DT
CONSENT_DUE_DATE | Consent to treatment due date | D | | =CTT_DT
# LOAD_MHA_LEAVE | Section 17 leave | MHLEAVE | ${MRG('MHLEAVE')}
LEAVE_ID | Leave id | V12 | M K | =LV_ID
SECTION_ID | Section id | V12 | M >LOAD_MHA_SECTION.SECTION_ID | =SECT_ID
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
SPELL_ID | Spell number | V12 | >LOAD_SPELL.SPELL_ID | =SPL_NO
LEAVE_TYPE | Leave type | V10 | @leave_type | ~LV_TYP
LEAVE_START_DATETIME | Leave start date and time | DT | M | =LV_FR
LEAVE_END_DATETIME | Leave end date and time | DT | | =LV_TO
APPROVED_BY | Approved by (responsible clinician) | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =LV_BY
CONDITIONS | Leave conditions | V120 | | =LV_COND
# LOAD_CTO | Community treatment orders | MHCTO | ${MRG('MHCTO')}
CTO_ID | CTO id (order id) | V12 | M K | =CTO_ID
PATIENT_ID | Patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | ${PATIENT}
SECTION_ID | Underlying section id | V12 | M >LOAD_MHA_SECTION.SECTION_ID | =SECT_ID
START_DATE | CTO start date | D | M | =CTO_FR
EXPIRY_DATE | CTO expiry date | D | M | =CTO_EXP
END_DATE | CTO end date | D | | =CTO_TO
END_REASON | CTO end reason | V10 | @cto_end_reason | ~CTO_RSN
RECALL_DATE | Recall date | D | | =RECALL_DT
RESPONSIBLE_CLINICIAN_CODE | Responsible clinician | V8 | >LOAD_CONSULTANT.CONSULTANT_CODE | =RC_CD
# LOAD_BIRTH | Births | MATBIRTH | PATMRG AS baby ON baby.OLD_NO = MATBIRTH.BABY_NO; PATMRG AS mother ON mother.OLD_NO = MATBIRTH.MUM_NO
BIRTH_ID | Birth id | V12 | M K | =BIR_ID
BABY_PATIENT_ID | Baby patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | {coalesce(baby.FINAL_NO, BABY_NO)}
MOTHER_PATIENT_ID | Mother patient number | V10 | M >LOAD_PATIENT.PATIENT_ID | {coalesce(mother.FINAL_NO, MUM_NO)}
BABY_SPELL_ID | Baby spell number | V12 | >LOAD_SPELL.SPELL_ID | =BABY_SPL
MOTHER_SPELL_ID | Mother spell number | V12 | >LOAD_SPELL.SPELL_ID | =MUM_SPL
BIRTH_DATETIME | Birth date and time | DT | M | =BIR_DTM
BIRTH_ORDER | Birth order | I | | =BIR_ORD
BIRTH_WEIGHT | Birth weight in grams | N5.0 | | =BIR_WT
DELIVERY_METHOD | Delivery method | V14 | @delivery_method | ~DEL_MTH
LIVE_OR_STILL_BIRTH | Live or still birth | V5 | @live_still | ~LIVE_CD
GESTATION_WEEKS | Gestation length in weeks | I | | =GEST_WK
`;

/** Every load table ends with these. */
export const TAIL = `
SOURCE_SYSTEM | Load provenance: name of the sending system | V10 | M | 'LEGACYPAS'
LOAD_BATCH | Load provenance: name of the batch, filled by the load tool | V20 | | ref
`;

export const NOT_MIGRATED = {
  SYSUSER: 'Accounts of the old system; the new system has its own sign-on.',
  PRTQUEUE: 'Letters waiting to be printed are printed or cancelled before cutover.',
};
