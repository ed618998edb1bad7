// Crosswalks of the sample project: `name | target list | row policy | safety-critical | owner`, then `local>target description`.
// A target list written in capitals after `=` is made from the lines themselves; the others are national lists.
export const CROSSWALKS = `
# nhs_status | nhs_number_status_indicator | hold | Y | Data Quality Lead
V>01 Verified; P>02 Present, not traced; T>03 Trace required; M>04 No or multiple match; C>05 Conflict; I>06 Trace in progress; N>07 Not present; B>08 Baby, postponed
# title | =title | load_null | N | Mapping Analyst
MR>MR Mr; MRS>MRS Mrs; MS>MS Ms; MISS>MISS Miss; MSTR>MASTER Master; DR>DR Dr; MX>MX Mx; REV>REV Reverend
# dob_precision | =dob_precision | hold | Y | Data Quality Lead
D>D Day known; M>M Month and year only; Y>Y Year only; U>U Unknown
# sex | person_stated_gender | hold | Y | Clinical Safety Officer
M>1 Male; F>2 Female; I>9 Indeterminate; U>X Not known
# gender_identity | gender_identity | load_null | N | Data Quality Lead
M>1 Male including trans man; F>2 Female including trans woman; NB>3 Non-binary; O>4 Other; NS>Z Not stated; NK>X Not known
# ethnic_group | ethnic_category | load_null | N | Data Quality Lead
A1>A White British; A2>B White Irish; A9>C Other White; B1>D White and Black Caribbean; B2>E White and Black African; B3>F White and Asian; B9>G Other mixed; C1>H Indian; C2>J Pakistani; C3>K Bangladeshi; C9>L Other Asian; D1>M Caribbean; D2>N African; D9>P Other Black; E1>R Chinese; E9>S Any other; NS>Z Not stated; NK>99 Not known
# marital_status | marital_status | load_null | N | Data Quality Lead
1>S Single; 2>M Married or civil partner; 3>D Divorced; 4>W Widowed; 5>P Separated; 6>N Not disclosed; 9>9 Not known
# religion | =religion | load_null | N | Data Quality Lead
CE>CHR Church of England; RC>RCA Roman Catholic; MUS>MUS Muslim; HIN>HIN Hindu; SIK>SIK Sikh; JEW>JEW Jewish; BUD>BUD Buddhist; NON>NON No religion; OTH>OTH Other
# language | =language | load_null | N | Data Quality Lead
ENG>en English; POL>pl Polish; PUN>pa Punjabi; URD>ur Urdu; ROM>ro Romanian; BEN>bn Bengali; BSL>bfi British Sign Language; CYM>cy Welsh
# yes_no | =yes_no | load_null | N | Data Quality Lead
Y>Y Yes; N>N No; 1>Y Yes (older screens); 0>N No (older screens)
# yes_no_safety | =yes_no | hold | Y | Clinical Safety Officer
Y>Y Yes; N>N No
# communication_need | =communication_need | load_null | N | Clinical Safety Officer
LP>LARGE Large print; ER>EASY Easy read; HL>HEAR Hearing loop; BS>SIGN Sign language interpreter; BR>BRAILLE Braille
# death_status | death_notification_status | hold | Y | Clinical Safety Officer
1>1 Informal notification; 2>2 Formal notification; U>U Removed
# withheld_reason | withheld_identity_reason | hold | Y | Information Governance Lead
L>01 Legal restriction; C>02 Caldicott; P>03 Patient request; O>97 Other; X>99 Not known
# overseas_category | overseas_visitor_charging_category | load_null | N | Data Quality Lead
ST>A Standard NHS-funded; HS>B Health surcharge; E1>C EEA exempt; E2>D EEA chargeable; N1>E Non-EEA exempt; N2>F Non-EEA chargeable; PD>P Decision pending; 9>9 Not known
# identifier_type | =identifier_type | hold | Y | Mapping Analyst
CN>CASENOTE Old case note number; PV>PREVIOUS Previous hospital number; MG>MERGED Merged number; AE>ED Emergency department number; OT>OTHER Other number
# merge_reason | =merge_reason | load_null | N | Data Quality Lead
DUP>DUPLICATE Duplicate registration; TMP>TEMPORARY Temporary number made permanent; ERR>ERROR Registered in error
# address_type | =address_type | hold | N | Mapping Analyst
H>HOME Usual (home) address; T>TEMP Temporary address; C>CORR Correspondence address
# country | =country | load_null | N | Mapping Analyst
ENG>GB-ENG England; WAL>GB-WLS Wales; SCO>GB-SCT Scotland; NIR>GB-NIR Northern Ireland; IRL>IE Ireland
# contact_type | =contact_type | hold | N | Mapping Analyst
HM>HOME Home telephone; MB>MOBILE Mobile telephone; WK>WORK Work telephone; EM>EMAIL E-mail
# relationship | =relationship | load_null | N | Mapping Analyst
SP>SPOUSE Spouse or partner; PA>PARENT Parent; CH>CHILD Son or daughter; SB>SIBLING Brother or sister; FR>FRIEND Friend or neighbour; OT>OTHER Other
# registration_reason | =registration_reason | load_null | N | Mapping Analyst
NW>NEW New registration; MV>MOVED Moved to another practice; CL>CLOSED Practice closed
# alert_type | =alert_type | hold | Y | Clinical Safety Officer
ALG>ALLERGY Allergy; INF>INFECTION Infection (MRSA and others); VIO>VIOLENCE Violence or aggression; SAF>SAFEGUARDING Safeguarding concern; RES>RESTRICTED Restricted, confidential record; INT>INTERPRETER Interpreter needed; FAL>FALLS Falls risk
# alert_severity | =alert_severity | hold | Y | Clinical Safety Officer
L>LOW Low; M>MEDIUM Medium; H>HIGH High, severe
# referral_source | source_of_referral_outpatients | hold | N | RTT Lead
AE>10 After emergency department attendance; EM>01 After emergency admission; DM>02 After domiciliary visit; CI>11 Other, started by the consultant; GP>03 General practitioner; GD>92 General dental practitioner; GW>12 GP with extended role; ED>04 Emergency department; CO>05 Consultant elsewhere; SE>06 Self-referral; SN>13 Specialist nurse; AH>14 Allied health professional; OP>15 Optometrist; OR>16 Orthoptist; SC>17 National screening; CD>93 Community dental; OT>97 Other
# priority | priority_type | hold | Y | Clinical Safety Officer
R>1 Routine; U>2 Urgent; 2WW>3 Suspected cancer, two week wait
# referral_type | =referral_type | load_null | N | RTT Lead
NEW>NEW New consultation; ADV>ADVICE Advice and guidance; DIA>DIAGNOSTIC Straight to test; C2C>INTERNAL Consultant to consultant
# specialty | treatment_function | hold | N | RTT Lead
GS>100; UR>101; BR>103; CR>104; UG>106; VS>107; TO>110; EN>120; OP>130; OS>140; OM>144; NS>150; PL>160; CT>170; AE>180; AN>190; PN>191; GM>300; GA>301; EC>302; HA>303; DI>307; CA>320; SK>328; DE>330; RS>340; RN>361; MO>370; NE>400; RH>410; PD>420; CE>430; OB>501; GY>502; MW>560; PT>650; AP>710; DX>812
# referral_status | =referral_status | hold | Y | RTT Lead
OP>OPEN Open, accepted; CL>CLOSED Closed; RJ>REJECTED Rejected; WT>WAITING Awaiting triage
# referral_outcome | =referral_outcome | load_null | N | RTT Lead
ACC>ACCEPTED Accepted; RET>RETURNED Returned with advice; DIS>DISCHARGED Discharged
# closure_reason | =closure_reason | load_null | N | RTT Lead
DIS>DISCHARGED Discharged, treatment complete; DNA>DNA Did not attend; DIE>DIED Patient died; DEC>DECLINED Patient declined; OTH>OTHER Other
# two_week_wait_type | =two_week_wait_type | load_null | Y | Clinical Safety Officer
BR>BREAST Suspected breast cancer; LG>LOWER_GI Suspected lower gastrointestinal cancer; SK>SKIN Suspected skin cancer; UR>UROLOGY Suspected urological cancer; LU>LUNG Suspected lung cancer
# pathway_status | =pathway_status | hold | Y | RTT Lead
OP>OPEN Open, active; CL>CLOSED Closed, completed
# rtt_status | rtt_period_status | hold | Y | RTT Lead
A>10 First activity; B>11 Active monitoring ended; C>12 Consultant referral, separate condition; D>20 Subsequent activity; E>21 Transfer to another provider; F>30 First definitive treatment; G>31 Active monitoring started by patient; H>32 Active monitoring started by clinician; J>33 Did not attend first activity; K>34 Decision not to treat; L>35 Patient declined treatment; M>36 Patient died; N>90 After treatment; P>91 During active monitoring; Q>92 Not yet referred for treatment; R>98 Not applicable; S>99 Not yet known
# activity_type | =activity_type | load_null | N | RTT Lead
REF>REFERRAL Referral received; OPA>OUTPATIENT Outpatient appointment attendance; WLE>WAITING_LIST Waiting list entry, decision to admit; ADM>ADMISSION Admission, inpatient spell; ADN>ADMIN Administrative event
# clinic_type | =clinic_type | load_null | N | Mapping Analyst
CON>CONSULTANT Consultant clinic; NUR>NURSE Nurse-led clinic; TEL>TELEPHONE Telephone clinic
# weekday | =weekday | load_null | N | Mapping Analyst
1>MON Monday; 2>TUE Tuesday; 3>WED Wednesday; 4>THU Thursday; 5>FRI Friday; 6>SAT Saturday; 7>SUN Sunday
# appt_status | attended_or_did_not_attend | hold | Y | RTT Lead
ATT>5 Attended; ATL>6 Arrived late but seen; LNS>7 Late, could not be seen; CNP>2 Cancelled by patient; DNA>3 Did not attend; CNH>4 Cancelled by hospital; BKD>0 Booked, in the future
# first_attendance | first_attendance | hold | N | RTT Lead
N>1 New, face to face; F>2 Follow-up, face to face; NT>3 New, telephone or video; FT>4 Follow-up, telephone or video; AD>5 Clock stop administrative event
# appt_outcome | outcome_of_attendance | load_null | N | RTT Lead
DIS>1 Discharged; FUP>2 Another appointment given; LAT>3 Appointment to be made later
# appt_mode | =appointment_mode | load_null | N | Mapping Analyst
FTF>FACE Face to face; TEL>TELEPHONE Telephone; VID>VIDEO Video
# cancel_reason | =cancel_reason | load_null | N | RTT Lead
P1>PATIENT_UNWELL Patient unwell; P2>PATIENT_HOLIDAY Patient on holiday, date refused; P3>PATIENT_OTHER Other patient reason; H1>CLINIC_CANCELLED Hospital cancelled the clinic; H2>STAFF Hospital, consultant or staff unavailable; H3>NO_BED Hospital had no bed
# admin_category | administrative_category | hold | N | Data Quality Lead
NH>01 NHS patient; PP>02 Private patient; AM>03 Amenity patient; C2>04 Category II; NK>99 Not known
# cancelled_by | =cancelled_by | hold | N | RTT Lead
P>PATIENT Patient; H>PROVIDER Hospital (provider)
# elective_type | elective_admission_type | hold | Y | Waiting List Lead
WL>11 Waiting list; BL>12 Booked; PL>13 Planned
# intended_management | intended_management | hold | N | Waiting List Lead
IP>1 At least one night; DC>2 No overnight stay; RN>3 Planned sequence with overnight stay; RD>4 Planned sequence, day only; RO>5 Planned sequence of nights; NA>8 Not applicable; NK>9 Not known
# list_status | elective_admission_list_status | load_null | N | Waiting List Lead
A>01 Available; S>02 Suspended
# surgical_priority | =surgical_priority | load_null | Y | Clinical Safety Officer
P1>P1 Emergency; P2>P2 Within one month; P3>P3 Within three months; P4>P4 Routine, over three months
# removal_reason | elective_admission_list_removal_reason | hold | Y | Waiting List Lead
ADM>1 Admitted electively; EMG>2 Admitted as an emergency; DTH>3 Died; OTH>4 Removed for other reasons
# anaesthetic | =anaesthetic | load_null | N | Mapping Analyst
GA>GENERAL General; LA>LOCAL Local; RG>REGIONAL Regional; NO>NONE None
# offer_outcome | =offer_outcome | hold | N | Waiting List Lead
AC>ACCEPTED Accepted, agreed; RF>REFUSED Refused by patient; CX>CANCELLED Cancelled by hospital
# admission_method | admission_method | hold | Y | Data Quality Lead
EW>11 Elective, waiting list; EB>12 Elective, booked; EP>13 Elective, planned; AE>21 Own emergency department; GP>22 GP direct; BB>23 Bed bureau; CL>24 Consultant clinic; MH>25 Mental health crisis team; OA>2A Emergency department elsewhere; OT>2B Emergency transfer; BH>2C Baby born at home as intended; OE>2D Other emergency; MA>31 Maternity, ante-partum; MP>32 Maternity, post-partum; TR>81 Transfer, not an emergency; BN>82 Birth here; BO>83 Birth elsewhere
# admission_source | source_of_admission | hold | N | Data Quality Lead
HM>19 Usual residence; TM>29 Temporary residence; PN>39 Penal establishment or court; HS>49 High security psychiatric; GW>51 Other hospital, general ward; MW>52 Other hospital, maternity ward; PW>53 Other hospital, mental health ward; NC>54 NHS care home; LA>65 Local authority residential; FC>66 Foster care; BB>79 Baby born in or on the way; CH>85 Other care home; PH>87 Non-NHS hospital; HO>88 Hospice
# patient_class | patient_classification | hold | N | Data Quality Lead
IP>1 Ordinary admission; DC>2 Day case; RD>3 Regular day admission; RN>4 Regular night admission; MB>5 Mother and baby, delivery facilities only
# discharge_method | discharge_method | hold | Y | Clinical Safety Officer
AD>1 On clinical advice; TR>3 By tribunal, court or Home Secretary; DI>4 Died; SB>5 Stillbirth; SD>6 Self-discharge; RL>7 Discharged by relative or advocate; NF>8 Not finished
# discharge_destination | discharge_destination | hold | N | Data Quality Lead
HM>19 Usual residence; TM>29 Temporary residence; CT>37 Court; PN>38 Penal establishment or police; HS>49 High security psychiatric; MS>50 Medium secure; GW>51 Other hospital, general ward; MW>52 Other hospital, maternity ward; PW>53 Other hospital, mental health ward; NC>54 NHS care home; LA>65 Local authority residential; FC>66 Foster care; DI>79 Died or stillbirth; CH>85 Other care home; PH>87 Non-NHS hospital; HO>88 Hospice; NF>98 Not finished
# main_specialty | main_specialty | hold | N | Data Quality Lead
GSU>100; URO>101; VAS>107; TRO>110; ENT>120; OPH>130; ORS>140; NSU>150; PLS>160; CTS>170; EME>180; ANA>190; GEN>300; GAS>301; END>302; HAE>303; CAR>320; DER>330; RES>340; REN>361; MON>370; NEU>400; RHE>410; PAE>420; GER>430; OBS>501; GYN>502; MID>560; PSY>710
# episode_end_reason | =episode_end_reason | load_null | N | Data Quality Lead
DS>DISCHARGE End of stay, discharge; CC>CONSULTANT Change of consultant; TP>PROVIDER Transfer to another provider
# transfer_reason | =transfer_reason | load_null | N | Data Quality Lead
AD>ADMISSION Admission; CL>CLINICAL Clinical need; BD>BED Bed management; SD>STEP_DOWN Step down of care
# laterality | =laterality | load_null | Y | Clinical Safety Officer
L>L Left; R>R Right; B>B Both sides
# ae_category | ae_attendance_category_legacy | hold | N | Data Quality Lead
1>1 First attendance; 2>2 Planned follow-up; 3>3 Unplanned follow-up
# arrival_mode | =arrival_mode | load_null | N | Mapping Analyst
AM>AMBULANCE Ambulance; WK>WALKED Other: walked in or private car; HE>HELICOPTER Helicopter; PO>POLICE Police
# triage_category | =triage_category | load_null | Y | Clinical Safety Officer
1>IMMEDIATE Immediate; 2>VERY_URGENT Very urgent; 3>URGENT Urgent; 4>STANDARD Standard; 5>NON_URGENT Not time-critical
# ae_disposal | ae_attendance_disposal_legacy | hold | N | Data Quality Lead
AD>01 Admitted; GP>02 Discharged, GP follow-up; HM>03 Discharged, no follow-up; AC>04 Referred to A&E clinic; FC>05 Referred to fracture clinic; OP>06 Referred to other clinic; TR>07 Transferred; DI>10 Died in department; PR>11 Other professional; LB>12 Left before treatment; RT>13 Refused treatment; OT>14 Other
# ae_source | =ae_source | load_null | N | Mapping Analyst
SE>SELF Self-referral; GP>GP General practitioner; AM>EMERGENCY Emergency services; WK>WORK Work or school
# incident_location | =incident_location | load_null | N | Mapping Analyst
HO>HOME Home; WK>WORK Work; PU>PUBLIC Public place; RD>ROAD Road
# mha_section | mha_legal_status_classification | hold | Y | Clinical Safety Officer
INF>01 Informal; S2>02 Section 2; S3>03 Section 3; S4>04 Section 4; S52>05 Section 5(2); S54>06 Section 5(4); S35>07 Section 35; S36>08 Section 36; S371>09 Section 37 with 41; S37>10 Section 37; S38>12 Section 38; S479>15 Section 47 with 49; S47>16 Section 47; S489>17 Section 48 with 49; S48>18 Section 48; S135>19 Section 135; S136>20 Section 136; S7>35 Guardianship, section 7; S37G>36 Guardianship, section 37; S45A>37 Section 45A
# section_end_reason | =section_end_reason | load_null | N | Clinical Safety Officer
DS>DISCHARGED Discharged by responsible clinician; EX>EXPIRED Expired; RG>REGRADED Regraded, followed by another section; CT>CTO Discharged to a community treatment order; TB>TRIBUNAL Discharged by tribunal
# leave_type | =leave_type | load_null | N | Clinical Safety Officer
DY>DAY Day leave, escorted; NT>OVERNIGHT Overnight home leave; LG>LONG Long leave
# cto_end_reason | =cto_end_reason | load_null | N | Clinical Safety Officer
DS>DISCHARGED Discharged; RV>REVOKED Revoked; EX>EXPIRED Expired
# delivery_method | =delivery_method | load_null | N | Mapping Analyst
SV>SPONTANEOUS Spontaneous vaginal delivery; FC>FORCEPS Forceps; VE>VENTOUSE Ventouse; EC>ELECTIVE_CS Elective caesarean; MC>EMERGENCY_CS Emergency caesarean
# live_still | =live_still | hold | Y | Clinical Safety Officer
L>LIVE Live birth; S>STILL Stillbirth
# ward_type | =ward_type | load_null | N | Mapping Analyst
GEN>GENERAL General, acute; DAY>DAY Day unit; MAT>MATERNITY Maternity; MEN>MENTAL Mental health; HDU>CRITICAL Critical care
`;

/** Names used in the dictionary for code tables that share one crosswalk. */
export const SAME_CROSSWALK = {
  yes_no:
    'yes_no_address yes_no_contact clock_open clinic_active transport short_notice coded present_on_admission consultant_active site_active ward_active specialty_active',
  yes_no_safety: 'deceased restricted protected_address restriction_order alert_active',
  rtt_status: 'rtt_start_status rtt_event_status appt_rtt_status',
  priority: 'referral_priority appt_priority wl_priority',
  admin_category: 'wl_admin_category spell_admin_category',
  intended_management: 'wl_intended_management',
  anaesthetic: 'px_anaesthetic',
  cancel_reason: 'appt_cancel_reason offer_reason',
  mha_section: 'spell_legal_status episode_legal_status',
};
