// The legacy PAS of the sample project, one line a field: NAME | description | type | flags
// Types: Cn text, In whole number, H $HOROLOG date, HS $HOROLOG date and seconds, S seconds since midnight,
// D8 YYYYMMDD, D12 YYYYMMDDHHMM, DMY DD/MM/YYYY. Flags: M mandatory, K key, @list code table, >TABLE.FIELD link.
export const SOURCE = `
# PATMAST | Patient master index | One row a hospital number, the centre of the system
PAT_NO | Patient number (hospital number) | C10 | M K
NHS_NO | NHS number | C10 |
NHS_STAT | NHS number status (tracing result) | C2 | @nhs_status
SNM | Surname | C35 | M
FNM1 | First forename | C35 |
FNM2 | Other forenames | C35 |
TTL | Title | C4 | @title
FSN1 | Former surname 1 | C35 |
FSN1_DT | Date former surname 1 changed | H |
FSN2 | Former surname 2 | C35 |
FSN2_DT | Date former surname 2 changed | H |
FSN3 | Former surname 3 | C35 |
FSN3_DT | Date former surname 3 changed | H |
DOB_H | Date of birth | H | M
TOB_S | Time of birth | S |
DOB_EST | Date of birth precision (estimated flag) | C1 | @dob_precision
SEX_CD | Sex | C1 | M @sex
GENID_CD | Gender identity | C2 | @gender_identity
ETH_CD | Ethnic group | C2 | @ethnic_group
MAR_CD | Marital status | C1 | @marital_status
REL_CD | Religion | C4 | @religion
LANG_CD | Preferred language | C4 | @language
INTERP | Interpreter required | C1 | @yes_no
COMM_CD | Communication need (reasonable adjustment) | C4 | @communication_need
DEAD_FL | Deceased flag | C1 | @deceased
DOD_H | Date of death | H |
DTH_STAT | Death notification status | C1 | @death_status
RESTR_FL | Restricted access flag (confidential record) | C1 | @restricted
WHLD_CD | Withheld identity reason | C2 | @withheld_reason
OVS_CD | Overseas visitor charging category | C2 | @overseas_category
TEL_H | Home telephone number | C20 |
TEL_M | Mobile telephone number | C20 |
TEL_W | Work telephone number | C20 |
EML | E-mail address | C80 |
OCC | Occupation | C40 |
POB | Place of birth | C40 |
REG_DT | Date registered | H |
# PATXID | Other patient identifiers | Alias numbers: old case note numbers, other systems
XID_NO | Identifier id | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
XID_TYP | Identifier type | C4 | M @identifier_type
XID_VAL | Identifier value (other number) | C20 | M
XID_ORG | Issuing organisation | C10 |
XID_FR | Valid from date | H |
XID_TO | Valid to date | H |
XID_CMT | Free comment | C60 |
# PATMRG | Patient merge history | One row a merged number, with the final survivor of the chain
OLD_NO | Old number (losing number) | C10 | M K
NEXT_NO | Merged into number (next number in the chain) | C10 |
FINAL_NO | Surviving number (final number) | C10 | M >PATMAST.PAT_NO
MRG_DT | Date merged | H | M
MRG_RSN | Merge reason | C4 | @merge_reason
MRG_BY | Merged by | C10 |
MRG_CMT | Free comment | C60 |
# PATADR | Patient address history | Dated addresses
PAT_NO | Patient number | C10 | M K >PATMAST.PAT_NO
ADR_SEQ | Address sequence | I3 | M K
ADR_TYP | Address type | C2 | M @address_type
ADR1 | Address line 1 (first line, house and street) | C40 |
ADR2 | Address line 2 | C40 |
ADR3 | Address line 3 (town) | C40 |
ADR4 | Address line 4 (county) | C40 |
ADR_PC | Postcode | C8 |
ADR_CTRY | Country | C3 | @country
ADR_FR | From date (moved in) | H |
ADR_TO | To date (moved out) | H |
ADR_CUR | Current address flag | C1 | @yes_no_address
ADR_PROT | Address restricted (protected address) | C1 | @protected_address
ADR_UPRN | Property reference | C12 |
# PATTEL | Patient contact details | Telephone numbers and e-mail addresses
PAT_NO | Patient number | C10 | M K >PATMAST.PAT_NO
TEL_SEQ | Sequence number | I3 | M K
TEL_TYP | Contact type (telephone type) | C2 | M @contact_type
TEL_VAL | Contact value (telephone number or address) | C80 | M
TEL_PREF | Preferred contact flag | C1 | @yes_no_contact
TEL_FR | From date | H |
TEL_TO | To date | H |
TEL_CMT | Free comment | C60 |
# PATNOK | Next of kin | Next of kin and carers
PAT_NO | Patient number | C10 | M K >PATMAST.PAT_NO
NOK_SEQ | Next of kin sequence | I3 | M K
NOK_REL | Relationship to patient | C2 | @relationship
NOK_SNM | Next of kin surname | C35 | M
NOK_FNM | Next of kin forename | C35 |
NOK_TEL | Next of kin telephone number | C20 |
NOK_ADR | Next of kin address | C80 |
NOK_PC | Next of kin postcode | C8 |
NOK_FR | From date | H |
NOK_TO | To date | H |
NOK_CMT | Free comment | C60 |
# PATGPR | GP registration history | Registered GP and practice over time
PAT_NO | Patient number | C10 | M K >PATMAST.PAT_NO
GPR_SEQ | Sequence number | I3 | M K
GP_CD | Registered GP code | C8 | >GPMAST.GP_CD
PRAC_CD | Practice code | C8 | M >GPPRAC.PRAC_CD
GPR_FR | Registration date (from date) | H |
GPR_TO | Deregistration date (to date) | H |
GPR_RSN | Registration change reason | C2 | @registration_reason
# PATALT | Patient alerts | Allergies, infections, risks and warnings
PAT_NO | Patient number | C10 | M K >PATMAST.PAT_NO
ALT_SEQ | Alert sequence | I3 | M K
ALT_CD | Alert type (warning code) | C4 | M @alert_type
ALT_SEV | Alert severity | C1 | @alert_severity
ALT_TXT | Alert details | C120 |
ALT_FR | Alert start date (date raised) | H | M
ALT_TO | Alert end date | H |
ALT_ACT | Alert active flag | C1 | @alert_active
ALT_BY | Recorded by | C10 |
# REFMAST | Outpatient referrals | One row a referral received
REF_NO | Referral number | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
PWY_ID | Patient pathway identifier | C20 | >RTTPWY.PWY_ID
UBRN | Unique booking reference number (UBRN) | C12 |
REF_DT | Decision to refer date (date of letter) | D8 |
RCV_DT | Referral received date | D8 | M
REF_SRC | Referral source | C3 | M @referral_source
REF_PRI | Referral priority | C3 | M @referral_priority
REF_RSN | Reason for referral | C80 |
REF_TYP | Referral type (service type requested) | C3 | @referral_type
SPEC_CD | Treatment function (specialty referred to) | C4 | M @specialty
CONS_CD | Referred to consultant code | C8 | M >CONSMAST.CONS_CD
REF_GP | Referring GP (referrer code) | C8 | >GPMAST.GP_CD
REF_PRAC | Referring practice (referring organisation) | C8 | >GPPRAC.PRAC_CD
SITE_CD | Site code (hospital) | C5 | >SITEMAST.SITE_CD
REF_ST | Referral status | C2 | @referral_status
REF_OUT | Referral outcome | C3 | @referral_outcome
TRI_DT | Triage date | D8 |
CLS_DT | Referral closed date | D8 |
CLS_RSN | Closure reason (discharge reason) | C3 | @closure_reason
TWW_TYP | Suspected cancer type (two week wait type) | C3 | @two_week_wait_type
LTR_DT | Letter printed date | D8 |
# RTTPWY | RTT pathways | One row a patient pathway
PWY_ID | Patient pathway identifier | C20 | M K
PWY_ORG | Pathway issuer (organisation code of pathway identifier issuer) | C5 | M
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
REF_NO | Referral number | C12 | M >REFMAST.REF_NO
SPEC_CD | Treatment function code (specialty) | C4 | @specialty
PWY_ST | Pathway status | C2 | @pathway_status
PWY_FR | Pathway start date | D8 |
PWY_TO | Pathway end date (date pathway closed) | D8 |
# RTTCLK | RTT clock history | One row a clock (referral to treatment period)
CLK_ID | Clock id (RTT period id) | C14 | M K
PWY_ID | Patient pathway identifier | C20 | M >RTTPWY.PWY_ID
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
REF_NO | Referral number | C12 | >REFMAST.REF_NO
CLK_SEQ | Clock sequence (period sequence) | I3 | M
CLK_FR | Clock start date (RTT start date) | D8 | M
CLK_TO | Clock stop date (RTT end date) | D8 |
CLK_ST | Latest RTT status | C3 | M @rtt_status
CLK_ST0 | Clock start status (RTT start status) | C3 | @rtt_start_status
CLK_OPEN | Clock open flag | C1 | @clock_open
BRCH_DT | Breach date (18 week breach date) | D8 |
ADJ_DAYS | Adjusted days (pause days) | I4 |
# RTTEVT | RTT status history | One row a status event on a clock
EVT_ID | Event id (RTT event id) | C16 | M K
PWY_ID | Patient pathway identifier | C20 | M >RTTPWY.PWY_ID
CLK_ID | Clock id | C14 | M >RTTCLK.CLK_ID
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
EVT_SEQ | Event sequence | I4 | M
EVT_DT | Event date (RTT status date) | D8 | M
EVT_ST | RTT status code | C3 | M @rtt_event_status
EVT_TYP | Activity type (event source) | C3 | @activity_type
EVT_ACT | Activity number (linked activity) | C14 |
EVT_BY | Recorded by | C10 |
# OPCLIN | Outpatient clinics | Clinic templates
CLIN_CD | Clinic code | C8 | M K
CLIN_NM | Clinic name | C40 | M
CONS_CD | Clinic consultant code | C8 | >CONSMAST.CONS_CD
SPEC_CD | Treatment function code (specialty) | C4 | M @specialty
SITE_CD | Site code (hospital) | C5 | >SITEMAST.SITE_CD
CLIN_TYP | Clinic type | C3 | @clinic_type
SLOT_MN | Slot length (minutes per slot) | I3 |
SESS_S | Session start time | S |
SESS_DY | Session day (day of week) | C1 | @weekday
CLIN_FR | Opened date | H |
CLIN_TO | Closed date | H |
CLIN_ACT | Active flag | C1 | @clinic_active
# OPAPPT | Outpatient appointments | One row a booking
APPT_NO | Appointment number | C14 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
REF_NO | Referral number | C12 | >REFMAST.REF_NO
PWY_ID | Patient pathway identifier | C20 |
CLIN_CD | Clinic code | C8 | M >OPCLIN.CLIN_CD
CONS_CD | Consultant code (seen by consultant) | C8 | >CONSMAST.CONS_CD
SPEC_CD | Treatment function code (specialty) | C4 | @specialty
SITE_CD | Site code (hospital) | C5 | >SITEMAST.SITE_CD
APPT_DTM | Appointment date and time | D12 | M
APPT_MN | Appointment length in minutes (duration) | I3 |
BKD_DT | Booking date (date appointment made) | D8 |
ATT_CD | Attendance status | C3 | M @appt_status
FST_CD | First or follow-up (first attendance) | C2 | M @first_attendance
OUT_CD | Attendance outcome | C3 | @appt_outcome
PRI_CD | Priority | C3 | @appt_priority
MODE_CD | Appointment mode (consultation medium) | C3 | @appt_mode
RTT_CD | RTT status of attendance | C3 | @appt_rtt_status
ARR_S | Arrival time | S |
SEEN_S | Time seen | S |
LEFT_S | Departure time (time left) | S |
CNX_DT | Cancellation date | D8 |
CNX_RSN | Cancellation reason | C4 | @appt_cancel_reason
REBK_NO | Rebooked appointment (rebooked to) | C14 | >OPAPPT.APPT_NO
ADM_CAT | Administrative category | C2 | @admin_category
TRANSP | Transport required | C1 | @transport
LTR_FL | Letter printed flag | C1 |
# OPCNX | Appointment cancellation history | One row a cancellation
APPT_NO | Appointment number | C14 | M K >OPAPPT.APPT_NO
CNX_SEQ | Sequence number | I3 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
CNX_DTM | Cancellation date and time | D12 | M
CNX_RSN | Cancellation reason | C4 | M @cancel_reason
CNX_BY | Cancelled by (patient or provider) | C1 | M @cancelled_by
OLD_DTM | Original appointment date and time | D12 |
# IWLENT | Inpatient waiting list entries | One row an elective admission list entry
WL_NO | Waiting list entry number | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
REF_NO | Referral number | C12 | M >REFMAST.REF_NO
PWY_ID | Patient pathway identifier | C20 |
DTA_DT | Decision to admit date | H | M
ODTA_DT | Original decision to admit date | H |
LST_DT | Date added to list | H |
EL_TYP | Elective admission type (waiting list type) | C2 | M @elective_type
IM_CD | Intended management | C2 | M @wl_intended_management
LST_ST | Waiting list status | C1 | @list_status
WL_PRI | Priority | C3 | M @wl_priority
SURG_PRI | Surgical priority (clinical prioritisation) | C2 | @surgical_priority
SPEC_CD | Treatment function code (specialty) | C4 | M @specialty
CONS_CD | Consultant code | C8 | M >CONSMAST.CONS_CD
SITE_CD | Site code (hospital) | C5 | >SITEMAST.SITE_CD
PROC_CD | Intended procedure code (OPCS code) | C5 |
PROC_TX | Intended procedure text | C80 |
PLN_DT | Planned by date (due date for planned admission) | H |
TCI_DT | To come in date (TCI date) | H |
RMV_DT | Removal date (date removed from list) | H |
RMV_RSN | Removal reason | C4 | @removal_reason
SUS_FR | Suspension start date | H |
SUS_TO | Suspension end date | H |
ANAES | Anaesthetic type | C2 | @anaesthetic
SHORT_N | Available at short notice | C1 | @short_notice
ADM_CAT | Administrative category | C2 | @wl_admin_category
# IWLTCI | TCI offers | Offers of admission on a waiting list entry
OFF_NO | Offer number | C14 | M K
WL_NO | Waiting list entry number | C12 | M >IWLENT.WL_NO
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
OFF_SEQ | Offer sequence | I3 | M
OFF_DT | Date offered (offer made date) | H | M
TCI_DT | Offered admission date (TCI date) | H | M
OFF_OUT | Offer outcome | C2 | @offer_outcome
WARD_CD | Ward code | C6 | >WARDMAST.WARD_CD
OFF_RSN | Refusal reason (cancellation reason) | C4 | @offer_reason
# ADMSPELL | Hospital admissions | One row a hospital provider spell
SPL_NO | Spell number (admission number) | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
WL_NO | Waiting list entry number | C12 | >IWLENT.WL_NO
REF_NO | Referral number | C12 | >REFMAST.REF_NO
PWY_ID | Patient pathway identifier | C20 |
ADM_HS | Admission date and time | HS | M
DIS_HS | Discharge date and time | HS |
ADM_MTH | Admission method | C2 | M @admission_method
ADM_SRC | Source of admission (admitted from) | C2 | M @admission_source
PAT_CLS | Patient classification | C2 | M @patient_class
IM_CD | Intended management | C2 | @intended_management
ADM_CAT | Administrative category | C2 | M @spell_admin_category
DIS_MTH | Discharge method | C2 | @discharge_method
DIS_DST | Discharge destination | C2 | @discharge_destination
CONS_CD | Admitting consultant code | C8 | M >CONSMAST.CONS_CD
SPEC_CD | Treatment function code (specialty) | C4 | M @specialty
SITE_CD | Site code (hospital) | C5 | M >SITEMAST.SITE_CD
WARD_CD | Admission ward (ward code) | C6 | >WARDMAST.WARD_CD
BED_NO | Bed number | C6 |
RFD_DT | Ready for discharge date | H |
EDD_DT | Expected discharge date | H |
DTA_DT | Decision to admit date | H |
MUM_SPL | Mother spell number | C12 | >ADMSPELL.SPL_NO
LEGAL_CD | Legal status on admission | C4 | @spell_legal_status
# ADMEPI | Consultant episodes | One row a consultant episode in a spell
SPL_NO | Spell number | C12 | M K >ADMSPELL.SPL_NO
EPI_SEQ | Episode sequence | I3 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
EPI_FR | Episode start date and time | HS | M
EPI_TO | Episode end date and time | HS |
CONS_CD | Responsible consultant code | C8 | M >CONSMAST.CONS_CD
MSPEC_CD | Consultant main specialty | C4 | M @main_specialty
SPEC_CD | Treatment function code (specialty) | C4 | M @specialty
LEGAL_CD | Legal status classification | C4 | @episode_legal_status
CODED_FL | Coding complete flag | C1 | @coded
SITE_CD | Site code | C5 | >SITEMAST.SITE_CD
EPI_RSN | Episode end reason | C2 | @episode_end_reason
# ADMWARD | Ward stays | One row a stay on a ward in a spell
SPL_NO | Spell number | C12 | M K >ADMSPELL.SPL_NO
WS_SEQ | Ward stay sequence | I3 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
WARD_CD | Ward code | C6 | M >WARDMAST.WARD_CD
SITE_CD | Site code | C5 | >SITEMAST.SITE_CD
BAY_CD | Bay | C4 |
BED_NO | Bed number | C6 |
WS_FR | Ward start date and time | HS | M
WS_TO | Ward end date and time | HS |
WS_RSN | Transfer reason | C2 | @transfer_reason
# CODDIAG | Diagnoses | ICD-10 codes of an episode
SPL_NO | Spell number | C12 | M K >ADMEPI.SPL_NO
EPI_SEQ | Episode sequence | I3 | M K >ADMEPI.EPI_SEQ
DX_SEQ | Diagnosis sequence (coding order) | I3 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
ICD_CD | ICD-10 diagnosis code | C6 | M
ICD_VER | ICD-10 version (coding edition) | C4 |
DX_DT | Diagnosis date | D8 |
POA_FL | Present on admission | C1 | @present_on_admission
CODER | Coded by | C10 |
COD_DT | Date coded | D8 |
# CODPROC | Procedures | OPCS-4 codes of an episode
SPL_NO | Spell number | C12 | M K >ADMEPI.SPL_NO
EPI_SEQ | Episode sequence | I3 | M K >ADMEPI.EPI_SEQ
PX_SEQ | Procedure sequence (coding order) | I3 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
OPCS_CD | OPCS-4 procedure code (operation code) | C5 | M
OPCS_VER | OPCS-4 version | C4 |
PX_DT | Procedure date (date performed) | D8 |
LAT_CD | Laterality (side) | C1 | @laterality
SURG_CD | Operating consultant (surgeon) | C8 | >CONSMAST.CONS_CD
ANAES | Anaesthetic type | C2 | @px_anaesthetic
COD_DT | Date coded | D8 |
# AEATT | A&E attendances | One row an emergency department attendance
AE_NO | Attendance number | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
SPL_NO | Spell number (resulting admission) | C12 | >ADMSPELL.SPL_NO
SITE_CD | Site code | C5 | M >SITEMAST.SITE_CD
ARR_DTM | Arrival date and time | D12 | M
ASS_DTM | Initial assessment date and time | D12 |
SEEN_DTM | Seen for treatment date and time | D12 |
DEP_DTM | Departure date and time | D12 |
AE_CAT | Attendance category | C1 | @ae_category
ARR_MODE | Arrival mode | C2 | @arrival_mode
COMPL | Presenting complaint | C80 |
TRI_CAT | Triage category (acuity) | C1 | @triage_category
DISP_CD | Attendance disposal | C2 | @ae_disposal
AE_SRC | Source of referral | C2 | @ae_source
CONS_CD | Responsible clinician (consultant code) | C8 | >CONSMAST.CONS_CD
INC_LOC | Incident location | C2 | @incident_location
AE_DIAG | A&E diagnosis code | C6 |
# MHSECT | Mental Health Act sections | One row a legal status period
SECT_ID | Section id (legal status id) | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
SPL_NO | Spell number | C12 | >ADMSPELL.SPL_NO
SECT_SEQ | Section sequence | I3 | M
SECT_CD | Mental health act section code (legal status classification) | C4 | M @mha_section
SECT_FR | Section start date and time | D12 | M
SECT_EXP | Section expiry date and time | D12 | M
SECT_TO | Section end date and time | D12 |
SECT_RSN | Section end reason | C2 | @section_end_reason
HOSP_CD | Detaining hospital | C5 | >SITEMAST.SITE_CD
RC_CD | Responsible clinician | C8 | >CONSMAST.CONS_CD
RESTR_FL | Restriction order flag | C1 | @restriction_order
RENEW_DT | Renewal due date | D8 |
TRIB_DT | Tribunal due date | D8 |
CTT_DT | Consent to treatment due date | D8 |
# MHLEAVE | Section 17 leave | Leave of absence from a section
LV_ID | Leave id | C12 | M K
SECT_ID | Section id | C12 | M >MHSECT.SECT_ID
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
SPL_NO | Spell number | C12 | >ADMSPELL.SPL_NO
LV_TYP | Leave type | C2 | @leave_type
LV_FR | Leave start date and time | D12 | M
LV_TO | Leave end date and time | D12 |
LV_BY | Approved by (responsible clinician) | C8 | >CONSMAST.CONS_CD
LV_COND | Leave conditions | C120 |
# MHCTO | Community treatment orders | Supervised community treatment
CTO_ID | CTO id (order id) | C12 | M K
PAT_NO | Patient number | C10 | M >PATMAST.PAT_NO
SECT_ID | Underlying section id | C12 | M >MHSECT.SECT_ID
CTO_FR | CTO start date | D8 | M
CTO_EXP | CTO expiry date | D8 | M
CTO_TO | CTO end date | D8 |
CTO_RSN | CTO end reason | C2 | @cto_end_reason
RECALL_DT | Recall date | D8 |
RC_CD | Responsible clinician | C8 | >CONSMAST.CONS_CD
# MATBIRTH | Births | Link between mother and baby
BIR_ID | Birth id (delivery id) | C12 | M K
BABY_NO | Baby patient number | C10 | M >PATMAST.PAT_NO
MUM_NO | Mother patient number | C10 | M >PATMAST.PAT_NO
BABY_SPL | Baby spell number | C12 | >ADMSPELL.SPL_NO
MUM_SPL | Mother spell number | C12 | >ADMSPELL.SPL_NO
BIR_DTM | Birth date and time | D12 | M
BIR_ORD | Birth order | I2 |
BIR_WT | Birth weight in grams | I5 |
DEL_MTH | Delivery method | C2 | @delivery_method
LIVE_CD | Live or still birth | C1 | @live_still
GEST_WK | Gestation length in weeks | I2 |
# CONSMAST | Consultants | Consultants and other responsible clinicians
CONS_CD | Consultant code (local consultant code) | C8 | M K
GMC_CD | National consultant code (GMC consultant code) | C8 | M
CONS_SNM | Consultant surname | C35 | M
CONS_FNM | Consultant forename (initials) | C35 |
CONS_TTL | Title | C10 |
MSPEC_CD | Main specialty code | C4 | @main_specialty
SPEC_CD | Treatment function code | C4 | @specialty
CONS_FR | Start date | H |
CONS_TO | End date (leaving date) | H |
CONS_ACT | Active flag | C1 | @consultant_active
# GPMAST | General practitioners | GP index
GP_CD | GP code (local GP code) | C8 | M K
GP_NAT | National GP code | C8 |
GP_SNM | GP surname | C35 | M
GP_INI | Initials | C10 |
GP_TTL | Title | C10 |
PRAC_CD | Practice code | C8 | >GPPRAC.PRAC_CD
GP_FR | Start date | H |
GP_TO | End date | H |
# GPPRAC | GP practices | Practices and surgeries
PRAC_CD | Practice code | C8 | M K
PRAC_NAT | National practice code (ODS code) | C6 |
PRAC_NM | Practice name | C60 | M
PRAC_A1 | Address line 1 | C40 |
PRAC_A2 | Address line 2 | C40 |
PRAC_A3 | Address line 3 (town) | C40 |
PRAC_PC | Postcode | C8 |
PRAC_TEL | Telephone number | C20 |
PRAC_ICB | Commissioner code | C5 |
PRAC_FR | Open date | H |
PRAC_TO | Close date | H |
# SITEMAST | Hospital sites | Hospitals of the trust
SITE_CD | Site code (hospital code) | C5 | M K
SITE_NAT | ODS site code (national site code) | C5 | M
SITE_NM | Site name (hospital name) | C60 | M
TRUST_CD | Trust code (provider code) | C5 |
SITE_A1 | Address line 1 | C40 |
SITE_PC | Postcode | C8 |
SITE_FR | Open date | H |
SITE_TO | Close date | H |
SITE_ACT | Active flag | C1 | @site_active
# WARDMAST | Wards | Ward list
WARD_CD | Ward code | C6 | M K
WARD_NM | Ward name | C40 | M
SITE_CD | Site code (hospital) | C5 | >SITEMAST.SITE_CD
SPEC_CD | Specialty | C4 | @specialty
BED_CNT | Number of beds (bed count) | I3 |
WARD_TYP | Ward type | C3 | @ward_type
WARD_FR | Open date | H |
WARD_TO | Close date | H |
WARD_ACT | Active flag | C1 | @ward_active
# SPECMAST | Specialties | Local specialty codes and their national treatment function
SPEC_CD | Specialty code (local specialty code) | C4 | M K @specialty
SPEC_NM | Specialty name | C60 | M
MSPEC_CD | Main specialty code | C4 | @main_specialty
SPEC_FR | Start date | H |
SPEC_TO | End date | H |
SPEC_ACT | Active flag | C1 | @specialty_active
# REASONCD | Reason codes | Reference codes of all reason lists
RSN_DOM | Code table (list name) | C20 | M K
RSN_CD | Reason code | C6 | M K
RSN_TX | Description | C60 | M
RSN_NAT | National code | C6 |
RSN_FR | Start date | H |
RSN_TO | End date | H |
# SYSUSER | System users | Accounts of the old system
USR_ID | User id | C10 | M K
USR_NM | User name | C40 |
USR_GRP | User group | C10 |
USR_FR | Account opened | H |
USR_TO | Account closed | H |
LAST_IN | Last sign-on | HS |
# PRTQUEUE | Print queue | Letters waiting to be printed
PQ_NO | Print queue number | I8 | M K
PQ_DEV | Printer name | C20 |
PQ_DOC | Document type | C10 |
PQ_DTM | Queued at | HS |
PQ_ST | Queue status | C1 |
`;

/** What every table of the old system carries and nobody migrates. */
export const HOUSEKEEPING = `
UPD_USR | Housekeeping: last updated by user | C10 |
UPD_DT | Housekeeping: last update day | H |
UPD_TM | Housekeeping: last update second of day | S |
CRE_USR | Housekeeping: created by user | C10 |
CRE_DT | Housekeeping: created day | H |
REC_ST | Housekeeping: record state | C1 |
SPARE1 | Spare, not used | C10 |
`;
