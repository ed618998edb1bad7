/**
 * Invented people live in invented places. The names cover what real lists hold and software breaks on: hyphens,
 * apostrophes, accents, two letters, one name only. Towns and their postcode areas do not exist.
 */
function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

export const FEMALE_FORENAMES = words(`
  Aaliyah Abigail Aisha Alice Amara Amelia Amina Ana Anaïs Angharad Anna Anne-Marie Beatrice Bethan Bronwen
  Catherine Charlotte Chidinma Chloë Clara Daisy Deborah Diana Dorota Edith Eilidh Eleanor Elif Elizabeth Emily
  Esther Eva Evelyn Farah Fatima Fiona Florence Freya Gemma Grace Gurpreet Hana Hannah Harriet Ines Isabella
  Iwona Jacqueline Jane Joan Jo Kavita Keiko Khadija Laura Lily Lin Lucía Maisie Margaret Maria Mary-Jane Megan
  Mei Mia Miriam Nadia Naomi Ngozi Niamh Nia Nicole Niusha Olivia Patricia Phoebe Priya Rachel Renée Rosa Rose
  Ruth Saoirse Sarah Shanice Siân Sofia Sunita Susan Tamar Teresa Thandiwe Violet Wanjiru Winifred Yasmin
  Yetunde Zainab Zoë Zuzanna`);

export const MALE_FORENAMES = words(`
  Aaron Abdul Adam Adebayo Ahmed Aidan Albert Alexander Alfie Amir Andrew Angus Anthony Arjun Arthur Bartosz
  Benjamin Björn Callum Charles Chidi Christopher Connor Cormac Daniel David Declan Dilip Dylan Edward Ebenezer
  Emeka Emrys Ethan Evan Fergus Finlay François Frank Gareth George Graham Harpreet Harry Hassan Henry Hugh
  Hywel Ibrahim Imran Isaac Jack Jacob Jakub James Jason Jean-Paul Jin John José Joseph Kamal Kenneth Kofi
  Kwame Leon Liam Lucas Łukasz Malcolm Marek Martin Matthew Mohammed Muhammad Nathan Neil Noah Oisín Oliver
  Omar Oscar Owen Pádraig Patrick Paul Peter Rafael Rajesh Reuben Rhys Richard Robert Ryan Samuel Seán Stanley
  Tariq Thomas Tomos Victor Wei William Yusuf Zachary`);

export const SURNAMES = words(`
  Abbott Abdi Abdullah Acheampong Adams Adeyemi Afolabi Ahmed Akhtar Ali Allen Anderson Andrews Appiah
  Armstrong Asante Ashworth Atkinson Aung Bailey Baker Banerjee Banks Barker Barnes Barrett Begum Bell Bennett
  Bhatt Blackwood Booth Bourke Bradley Brennan Brown Burgess Byrne Campbell Carr Carter Chambers Chan Chapman
  Chaudhry Chen Chowdhury Clarke Collins Cooke Cooper Cox Crawford Czerwińska Dąbrowski Das Davies Davison
  Dawson Desai Dhillon Diallo Dixon Docherty Donnelly Doyle D'Souza D'Angelo Edwards El-Sayed Ellis Evans
  Fairweather Farrell Fernandes Ferreira Fisher Fletcher Flynn Forsyth Foster Fraser Gallagher García Garner
  Ghosh Gibson Gill Gordon Graham Grant Greenwood Griffiths Gupta Hall Hamilton Harper Harrison Hassan Hawkins
  Hayes Henderson Higgins Hill Holloway Hossain Hughes Hunter Hussain Iqbal Islam Iyer Jackson James Jankowski
  Jenkins Jha Johnson Jones Joshi Kamara Kapoor Kaur Kelly Kennedy Khan Kim Kowalski Kumar Lam Lawrence Lee
  Lewis Li Lloyd Longbottom-Hythe Lowe MacDonald Mackenzie Malik Marsh Marshall Martínez Mason McCarthy McKenna
  Mehta Mensah Miah Miller Mitchell Mohamed Moore Morgan Morris Müller Murphy Mwangi Nair Ndlovu Nelson Ng
  Nguyen Nkrumah Nowak O'Brien O'Connor O'Neill O'Sullivan Ó'Shea Oduya Okafor Okonkwo Osei Owen Palmer Parker
  Parkinson Patel Pearce Pereira Perkins Phillips Popescu Powell Price Quinn Rahman Rao Rees Reid Richards
  Roberts Robinson Rogers Rossi Saunders Sesay Shah Sharma Shaw Siddiqui Silva Singh Smith Smith-Jones Stewart
  St-Clair Suleiman Sutton Taylor Thomas Thompson Tran Turner Van-Dijk Walker Wallace Warsame Watson Webb Wei
  White Wilkinson Williams Wilson Wong Wood Wright Wu Yilmaz Yip Young Zhang Zielińska`);

/** People whose record holds one name only; it is stored as the surname. */
export const SINGLE_NAMES = words('Suryadi Thiri Wangchuk Sukarni Tenzin Nasrullah');

export const STREETS = words(`
  Abbey Alder Beacon Birch Bramble Bridge Canal Castle Cedar Chapel Church Clay Coopers Dove Elm Ferry Field Forge
  Foundry Garden Glebe Grange Green Harbour Hawthorn Heath Hill Holly Kiln Lark Laurel Lime Lock Manor Maple Market
  Meadow Mill Moor Oak Old Orchard Park Pear Priory Quarry Railway Ridge River Rowan School Spring Station Tanner
  Thistle Vicarage Walnut Weaver Well Willow Windmill Wren Yew`);

export const STREET_KINDS = words('Road Street Lane Avenue Close Drive Way Crescent Grove Terrace');

/** Town, county and an area no postcode has ever been given in. */
export const TOWNS: readonly (readonly [town: string, county: string, area: string])[] = [
  ['Northbridge', 'Wexshire', 'ZA'],
  ['Ashmere', 'Wexshire', 'ZA'],
  ['Little Harrow Fen', 'Wexshire', 'ZA'],
  ['Kingsferry', 'Marlshire', 'ZB'],
  ['Thornley-on-Wey', 'Marlshire', 'ZB'],
  ['Coldbrook', 'Marlshire', 'ZB'],
  ['Saltmarsh Bay', 'East Dunmere', 'ZC'],
  ['Hollin Cross', 'East Dunmere', 'ZC'],
  ["St Brannoc's", 'East Dunmere', 'ZD'],
  ['Upper Penhallow', 'Tamarshire', 'ZD'],
];

export const LOCALITIES = words('Eastfield Westgate Riverside Highfield Brookside Oldtown Newlands Parkside');

export const OCCUPATIONS = words(
  'Teacher Retired Electrician Nurse Driver Cleaner Engineer Student Carer Farmer Chef Clerk Unemployed Plumber',
);
