CREATE TABLE patients (
  pid varchar(36) PRIMARY KEY,
  birthdate date,
  deathdate date,
  ssn varchar(11),
  first varchar(50),
  last varchar(50),
  maiden varchar(50),
  gender char(1),
  race varchar(20),
  ethnicity varchar(20),
  address varchar(200),
  city varchar(50),
  state char(2),
  county varchar(50),
  zip varchar(10),
  lat double precision,
  lon double precision,
  pcp_id varchar(36)
);

CREATE TABLE encounters (
  enc_id varchar(36) PRIMARY KEY,
  start timestamp,
  stop timestamp,
  patient varchar(36),
  organization varchar(36),
  attending varchar(36),
  encounterclass varchar(30),
  admit_source varchar(30),
  disch_disp varchar(30),
  total_claim_cost numeric(10,2),
  reasoncode varchar(20)
);

CREATE TABLE unit_stays (
  stay_id integer PRIMARY KEY,
  enc_id varchar(36),
  patient varchar(36),
  careunit varchar(20),
  intime timestamp,
  outtime timestamp,
  los numeric(6,2)
);

CREATE TABLE diagnoses (
  dx_id integer PRIMARY KEY,
  patient varchar(36),
  enc_id varchar(36),
  icd_code varchar(10),
  seq_num integer,
  onset date,
  resolved date
);

CREATE TABLE procedures (
  px_id integer PRIMARY KEY,
  patient varchar(36),
  enc_id varchar(36),
  proc_code varchar(10),
  performed timestamp,
  surgeon varchar(36),
  base_cost numeric(10,2)
);

CREATE TABLE prescriptions (
  rx_id integer PRIMARY KEY,
  patient varchar(36),
  enc_id varchar(36),
  drug_code varchar(20),
  startdate date,
  enddate date,
  dispenses integer,
  qty numeric(8,2),
  days integer,
  directions varchar(300),
  route varchar(20),
  dose_unit varchar(20)
);

CREATE TABLE lab_results (
  lab_id integer PRIMARY KEY,
  patient varchar(36),
  enc_id varchar(36),
  test_code varchar(20),
  charttime timestamp,
  valuenum double precision,
  valueuom varchar(20),
  ref_range_lower double precision,
  ref_range_upper double precision,
  flag varchar(10)
);

CREATE TABLE providers (
  prov_id varchar(36) PRIMARY KEY,
  name varchar(100),
  gender char(1),
  speciality varchar(50),
  npi varchar(10),
  organization varchar(36)
);

CREATE TABLE organizations (
  org_id varchar(36) PRIMARY KEY,
  name varchar(100),
  address varchar(200),
  city varchar(50),
  zip varchar(10),
  phone varchar(20),
  kind varchar(30)
);

CREATE TABLE insurance (
  ins_id integer PRIMARY KEY,
  patient varchar(36),
  payer varchar(50),
  plan_name varchar(50),
  eff_from date,
  eff_to date,
  member_no varchar(30)
);

COMMENT ON COLUMN encounters.encounterclass IS 'Ambulatory, inpatient, emergency';
COMMENT ON COLUMN encounters.admit_source IS 'Where the patient was before';
COMMENT ON COLUMN encounters.disch_disp IS 'Where the patient went at discharge';
COMMENT ON COLUMN prescriptions.drug_code IS 'Product code';
COMMENT ON COLUMN prescriptions.days IS 'Days that the supply lasts';
COMMENT ON COLUMN lab_results.charttime IS 'When the sample was taken';
