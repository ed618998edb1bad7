/**
 * Words of patient administration and electronic record systems, as they stand in names and descriptions of schemas.
 * Terms of the field only, from both sides of the Atlantic and from research models; never answers for one schema.
 */

/** `term: words that mean the same`. The term is what all are compared as. Phrases may have up to four words. */
export const SYNONYMS = `
patient: person, subject, client, individual, pt, pat, citizen, pats, subject of care
encounter: visit, enc, hospitalization, hospitalisation, hadm, attendance, encntr, visits, csn
admission: admit, admitted, admissions, adm, admt, admitting, admittance, hospital admission
discharge: discharged, disch, dis, dsch, dischg, separation, discharges
spell: hospital spell, inpatient stay, provider spell, spl, hospital provider spell
episode: epi, consultant episode, fce, finished consultant episode, epsd
stay: ward stay, stays, length of stay, los, icu stay
transfer: transferred, trf, moved, move, movement
start: begin, beginning, from, onset, commence, commencement, commenced, effective, since, opened, started, begins, starts, strt, valid from, valid start, intime, in time, period start, issued, initiated, inception, authored on
end: stop, finish, until, thru, through, close, closed, expiry, expires, finished, ended, stopped, ends, valid to, valid end, outtime, out time, period end, resolved, expiration, abatement, termination, terminated, cease, ceased, to date, completed
date: dt, dte, day, dat, dates
time: tm, tme, hour, times, hh, clock time
date time: dtm, dttm, datetime, timestamp, ts, instant, date and time, dtime, tmstp, tstamp
year: yr, yyyy, years
month: mon, mth of year, months
birth: born, natal, birthday, births
date birth: dob, birthdate, date of birth, bdate, brth dt, birth dt
death: deceased, died, mortality, dead, demise, deathdate
date death: dod, deathdate, date of death, deceased date, death dt
cause of death: causes of death
sex: gender, gndr, administrative gender, stated gender, person stated gender, sx, biological sex
surname: family name, last name, snm, lastname, family, lname, sname
forename: given name, first name, fnm, given, firstname, first forename, fname, christian name, forenames, gname
middle: middle name, second forename, other forenames, middlename, other given names, mname, second given name, second name
title: prefix, name prefix, salutation, honorific, ttl
suffix: name suffix
maiden: maiden name, former surname, previous surname, birth name, fsn, former name, mothers maiden name
alias: other name, aliases, aka, known as, former names
name: nm, nme, label, display name, full name, names
address: addr, adr, street, address line, residence, line, street address, home address, addrs
postcode: zip, zip code, postal code, pcode, zipcode, postalcode, post code, postcd, pc
city: town, locality, post town, municipality, twn
county: district, cnty
country: ctry, nation, cntry
region: area, regions
latitude: lat coordinate
longitude: lon, lng, long coordinate
telephone: phone, tel, contact number, phone number, landline, telecom, tel no, telno, phon
mobile: cell, cell phone, mobile phone, mob, mobile number
email: eml, electronic mail, email address, mail
ethnicity: ethnic, ethnic category, ethnic group, eth, ethnic origin, ethn, ethgrp
religion: faith, rel, religious affiliation, relig, belief
marital: marital status, mar, civil status, marital state, civil partnership status, mars, maritl
language: lang, preferred language, spoken language, lng code, communication language
interpreter: interp, interpreter needed, interpreter required, translator
occupation: job, profession, employment
deprivation: imd
provider: practitioner, clinician, physician, doctor, care professional, caregiver, hcp, healthcare professional, prov, professional, prvdr, careprovider, care provider, clin prof, dr
consultant: cons, specialist, consult, attending physician, attending, lead clinician, responsible clinician
gp: general practitioner, primary care physician, family doctor, pcp, primary care provider, registered gp, gpr
practice: gp practice, surgery, prac, primary care practice, practice code
nurse: nursing, key worker, care coordinator, care co ordinator
staff: employee, personnel, employees, stf
user: usr, operator, logged by, entered by, entered user
organisation: organization, org, institution, trust, provider organisation, orgn, company, managing organisation, managing organization, custodian
site: facility, hospital, hosp, healthcare facility, campus, care site, premises, fac
location: loc, place, location code, care location
ward: care unit, careunit, nursing unit, nursing station, wd, wrd, inpatient unit
department: unit department, dept, division, service unit, depart
bed: bay, bed space, bed number, room
clinic: clin, outpatient clinic, clinic session, clnc
specialty: speciality, spec, discipline, specialism, hospital service, medical service
tfc: treatment function, treatment function code, treatment specialty
service: services, service type, svc, serv
diagnosis: diag, dx, condition, problem, disease, diagnoses, conditions, disorder, dgns, diags, ailment, diagnostic
icd: icd10, icd 10, icd9, icd code, icd 9, icd10cm, icd version
procedure: proc, operation, oper, intervention, procedures, px, treatment procedure, operative procedure, surgical procedure, opn, ops
opcs: opcs4, opcs code, opcs 4
snomed: snomed ct, sct
anaesthetic: anesthetic, anaes, anaesthesia, anesthesia, anaesth
theatre: operating room, operating theatre, or suite, thtr
surgeon: operator surgeon, operating surgeon, surg
laterality: side, body side, lat
bodysite: body site, anatomic site, anatomical site, body structure
medication: drug, medicine, med, prescription, rx, medications, drugs, pharmaceutical, medicinal product, meds, prescr, formulary item
administration: administered, mar entry, given dose
dose: dosage, strength, dosing, dos, amount administered
route: administration route, route of administration
sig: directions, instructions, dosage instruction, dosage instructions, administration instructions
frequency: freq, schedule frequency, timing
quantity: qty, quantity dispensed, dispensed, qnty
refill: refills, repeats, repeat
supply: days supply, supply days
ingredient: active ingredient, substance
allergy: allergen, intolerance, adverse reaction, sensitivity, allergies, hypersensitivity
reaction: manifestation, reactions
severity: criticality, sev, seriousness, grade
alert: warning, hazard, alrt, alt, risk flag, caution
risk: risks, risk level
measurement: measure, vital sign, vital, vitals, meas, reading
observation: obs, chart event, charted item, finding, observations, chartevent
laboratory: lab, labs, laboratory test, pathology, lab test, analyte
test: investigation, assay, exam, examination
result: results, resulted, rslt, finding value
value: val, valuenum, numeric value, measured value, reading value, amount value, value quantity
uom: unit of measure, units, valueuom, unit measure, unit of measurement, measurement unit
low: lower, minimum, min, range low, lower limit
high: upper, maximum, max, range high, upper limit
range: reference range, normal range, ref range
abnormal: interpretation, abnormal flag, abn
specimen: sample, fluid, specimen type, spec type, spcmn
immunisation: immunization, vaccine, vaccination, vacc, immun, cvx
device: implant, equipment, appliance, udi, devices
document: note, notes text, clinical note, report, letter, doc, documents, noteevent, correspondence
text: free text, narrative, txt, verbatim
comment: comments, remarks, notes, remark, cmt, annotation, cmnt, memo
insurance: payer, payor, coverage, insurer, health plan, ins, insurances, funder, payers, sponsor
plan: planned care, care plan, careplan, treatment plan
cost: charge, price, amount, fee, tariff, total cost, expenses, charges, paid, claim cost
claim: claims, billing, bill, invoice, billed
currency: curr
referral: refer, referred, referral request, refd, refrl, service request, servicerequest, rfrl
order: request, requested, requisition, orders, ordr, ord
requester: ordering provider, requesting provider, ordered by
referrer: referred by, referring provider, referring clinician, referring gp, referring physician
received: receipt, rcvd, rcv, recd
priority: urgency, urgent, prio, pri, triage priority, urg
appointment: appt, booking, slot, scheduled visit, booked slot, appts, apt, outpatient appointment, apmt
outpatient: op, opd, outp, ambulatory
inpatient: ip, inp, bedded
emergency: emergency department, ae, ed, a e, accident emergency, urgent care, casualty, emerg, accident and emergency, er
waiting: waiting list, wl, wait list, waitlist, iwl, elective waiting list, elective list, wtlst
pathway: rtt, care pathway, pwy, patient pathway, pathways, rtt pathway
clock: rtt clock, clk, clocks
breach: brch, breached
status: state, stat, sts, st, stts, current status, standing
type: category, class, kind, typ, cat, cls, classification, ty, types, categ
reason: rsn, why, indication, cause, rationale, reasons, reasoncode, reas
outcome: disposition, disposal, outc, disp, outcomes
source: origin, src, referral source, provenance
method: mode, mthd, mth, modality, medium, means
destination: dest, dst, destn, discharged to, sent to
intent: intended, intention, intd
planned: scheduled, sched, expected, anticipated, due, pln, estimated, projected, target date, forecast
actual: real, observed actual
cancel: cancelled, cancellation, canc, cancelled appointment, canceled, cnx, cancl, cncl
dna: did not attend, no show, failed to attend, not attended, noshow
attended: att, attend, attended or did not attend
booked: bkd, booked on, made, date booked
offer: offered, off, offers
suspend: suspension, sus, suspended, pause, deferral, deferred
remove: removal, removed, rmv, remov, withdrawn, withdrawal, taken off list
decision: decided, decn, dec
decision admit: dta, decision to admit, decided to admit
arrival: arrive, arrived, arr, presented, arriv, check in, checkin
departure: depart, departed, left, dep, leave department
seen: seen time, treated, attended to
triage: tri, triaged, initial assessment, acuity
assessment: ass, assessed, assmt, evaluation, assess, score assessment
complaint: presenting complaint, chief complaint, presenting problem
ambulance: conveyance, incident number, amb
transport: transportation, trans, travel
leave: absence, awol, lv, leave of absence
section: mental health act, legal section, sect, mha
legal: legal status, detention, detained, legal classification
consent: consented, agreement, permission
capacity: mental capacity
carer: related person, next of kin, nok, contact person, relative, emergency contact, guardian, carers, informant
relationship: relation, rel type, relationship to patient, related
mother: maternal, mum, mothers
baby: newborn, infant, neonate, child, neonatal
pregnancy: pregnant, obstetric, antenatal, maternity, gravid
gestation: gestational, gestation length, gestational age
delivery: labour, labor, deliveries
weight: wt, body weight, mass, wgt
height: ht, body height, stature
code: cd, concept id, source value, source concept id, concept code, source code, concept, coded, coding, cde, codes, code value, cod
system: code system, terminology, vocabulary, scheme, sys, coding system
description: desc, display, descr, descriptor, long title, descrip, short title, definition, dscr, meaning
identifier: id, number, no, num, nbr, key, uid, uuid, identity, ident, row id, nmbr, idn, nr, accession, guid, recnum
patient identifier: mrn, hospital number, patient number, unit number, medical record number, hsn, case note number, hospno, crn, local patient identifier, chart number, subject id, patid, patno, pid
nhs number: nhsno, nhs no, national identifier, national number, national patient identifier, social security, ssn, nhs
sequence: seq, rank, position, line number, ordinal, sequence number, seqn, seq num, item number, order number within
primary: main, principal, prim, first listed
secondary: additional, subsidiary, comorbidity, second
flag: indicator, ind, yn, is, boolean, flg, fl, marker, indicators
active: current, in use, live, enabled
inactive: deleted, void, voided, logically deleted, obsolete
verified: confirmed, verification, traced, validated
count: cnt, total, tally, how many
duration: length, minutes, mins, dur, elapsed, minutes duration
interval: period, window
recorded: authored, record, registered, entered, charted, logged, captured, documented, asserted, rec, noted
created: create, crtd, creation, inserted, insert
updated: update, modified, changed, amended, last update, last modified, upd, last changed, change date, edited
registration: registered with, reg, enrolment, enrollment, enrolled, regn
version: ver, revision, versions, vers
batch: load batch, job
national: nat, nationality status
overseas: overseas visitor, ovs, chargeable, overseas status
private: private patient, admin category, administrative category, adm cat
sensitive: restricted, confidential, vip, restriction
merge: merged, mrg, superseded, merged into, replaced by, link record
parent: superior, containing, part of, par
group: grp, set, panel
body: corporeal
expected discharge: edd, estimated discharge, predicted discharge
ready discharge: medically fit, medically optimised, clinically ready, fit for discharge, discharge ready
tci: to come in, planned admission date
tww: two week wait, suspected cancer, cancer referral
ubrn: booking reference, ers reference, unique booking reference
followup: follow up, fup, return visit, review appointment
firstattendance: first attendance, new or follow up, first or follow up, fst, new patient flag
hrg: healthcare resource group
drg: diagnosis related group
`;

/** `a ~ b weight`: words that are often, not always, used for the same thing. */
export const RELATED = `
race ~ ethnicity 0.7
flag ~ alert 0.4
encounter ~ spell 0.7
encounter ~ admission 0.6
encounter ~ episode 0.5
encounter ~ appointment 0.4
encounter ~ stay 0.5
contact ~ telephone 0.6
contact ~ encounter 0.5
contact ~ carer 0.4
user ~ recorded 0.2
spell ~ admission 0.6
spell ~ stay 0.6
episode ~ spell 0.4
admission ~ start 0.55
discharge ~ end 0.55
arrival ~ start 0.5
departure ~ end 0.5
date ~ time 0.35
death ~ end 0.2
provider ~ consultant 0.75
provider ~ gp 0.55
provider ~ staff 0.7
provider ~ surgeon 0.6
provider ~ nurse 0.5
provider ~ referrer 0.4
provider ~ requester 0.4
consultant ~ surgeon 0.4
staff ~ user 0.5
gp ~ practice 0.5
organisation ~ site 0.6
organisation ~ practice 0.4
site ~ location 0.6
ward ~ location 0.6
ward ~ site 0.3
ward ~ department 0.7
clinic ~ location 0.5
clinic ~ service 0.35
clinic ~ department 0.4
bed ~ location 0.4
specialty ~ tfc 0.8
specialty ~ service 0.5
address ~ location 0.5
city ~ address 0.3
region ~ county 0.5
state ~ region 0.4
diagnosis ~ icd 0.7
diagnosis ~ complaint 0.4
procedure ~ opcs 0.7
procedure ~ test 0.25
measurement ~ observation 0.75
measurement ~ laboratory 0.65
observation ~ laboratory 0.5
observation ~ result 0.5
test ~ laboratory 0.7
test ~ measurement 0.5
result ~ value 0.7
result ~ outcome 0.4
value ~ quantity 0.35
dose ~ quantity 0.5
medication ~ order 0.25
medication ~ immunisation 0.35
referral ~ order 0.5
order ~ requester 0.4
referrer ~ referral 0.5
referrer ~ source 0.3
booked ~ created 0.45
booked ~ appointment 0.3
recorded ~ created 0.65
recorded ~ registration 0.5
recorded ~ updated 0.3
recorded ~ received 0.3
created ~ start 0.3
planned ~ intent 0.5
identifier ~ code 0.4
identifier ~ sequence 0.2
description ~ name 0.55
description ~ text 0.6
comment ~ text 0.6
comment ~ document 0.4
comment ~ description 0.5
document ~ text 0.4
type ~ code 0.3
type ~ status 0.2
type ~ method 0.35
status ~ flag 0.25
status ~ outcome 0.35
active ~ status 0.3
insurance ~ cost 0.25
claim ~ cost 0.5
claim ~ insurance 0.5
ethnicity ~ national 0.2
maiden ~ surname 0.45
alias ~ name 0.5
surname ~ name 0.5
forename ~ name 0.45
middle ~ forename 0.5
mobile ~ telephone 0.75
email ~ telephone 0.25
carer ~ relationship 0.4
carer ~ name 0.2
alert ~ risk 0.5
alert ~ allergy 0.3
waiting ~ referral 0.3
waiting ~ planned 0.3
pathway ~ clock 0.6
pathway ~ referral 0.3
removed ~ end 0.4
remove ~ end 0.45
remove ~ cancel 0.3
cancel ~ end 0.2
emergency ~ encounter 0.4
outpatient ~ appointment 0.5
outpatient ~ encounter 0.4
inpatient ~ encounter 0.4
inpatient ~ spell 0.6
triage ~ priority 0.5
severity ~ priority 0.25
section ~ legal 0.7
leave ~ transfer 0.3
merge ~ patient 0.2
baby ~ birth 0.5
delivery ~ birth 0.6
duration ~ interval 0.5
insurance ~ organisation 0.25
transfer ~ stay 0.4
firstattendance ~ type 0.25
tci ~ admission 0.5
tci ~ planned 0.5
tww ~ priority 0.4
ubrn ~ identifier 0.4
national ~ country 0.3
`;

/** Terms that exclude each other: a field that says one is not a field that says the other. */
export const OPPOSED =
  'start end, low high, admission discharge, arrival departure, surname forename, birth death, source destination, primary secondary, planned actual, created updated, active inactive, mother baby, mobile email, telephone email, description code, comment code, version code, low value, high value, city country, city postcode, county country, latitude longitude, referrer provider';

/** Terms of a record's own history: such a field feeds only one that asks for it. */
export const HOUSEKEEPING = 'updated created batch version';

/** In names, not in sentences: `VALID_TO`, `RECORDED_BY`, `IS_ACTIVE`. */
export const NAME_WORDS = 'to: end, by: user, is: flag, fr: start';

/** Words without meaning of their own: filling words and what schema makers put around names. */
export const SILENT =
  'by to from of the a an and or for in on at this that which with was were are be been as it its has have had not if per no field column table record records data element load tbl fk pk dim fact referenced see used use when where whether will may can all any each one same';

/** Words that say what kind of value a field holds, not of what: alone they need their table's name. */
export const GENERIC =
  'identifier code name date time type status description start end value text comment sequence flag number year method reason outcome priority order quantity count version created updated recorded active group unit title label position duration period location organisation provider source';
