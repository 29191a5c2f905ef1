//! Names of people and teams: a diverse floor, with accents and scripts a screen must align.

use fastrand::Rng;

use super::chance;

const GIVEN: [&str; 40] = [
    "Jane", "Marcus", "Aisha", "Liam", "Priya", "Mateo", "Olga", "Kwame", "Hannah", "Diego",
    "Fatima", "Noah", "Ingrid", "Tariq", "Chloe", "Rafael", "Mei", "Samuel", "Leila", "Viktor",
    "Amara", "Ethan", "Sofia", "Dmitri", "Grace", "Omar", "Nadia", "Lucas", "Yasmin", "Peter",
    "Camila", "Isaac", "Freya", "Andre", "Ruth", "Hassan", "Elena", "Caleb", "Joy", "Tomas",
];

const FAMILY: [&str; 40] = [
    "Smith", "Okafor", "Rahman", "Murphy", "Sharma", "Alvarez", "Petrova", "Mensah", "Weber",
    "Castillo", "Haddad", "Johnson", "Larsen", "Aziz", "Dubois", "Moreira", "Chen", "Brooks",
    "Farahani", "Novak", "Diallo", "Walker", "Rossi", "Volkov", "Kim", "Khalil", "Ivanova",
    "Martin", "Demir", "Svensson", "Rojas", "Goldberg", "Jensen", "Silva", "Adeyemi", "Malik",
    "Costa", "Turner", "Bautista", "Horvath",
];

/// Whole names that are wide, accented or not Latin.
const WHOLE: [&str; 12] = [
    "José Núñez",
    "王秀英",
    "Zoë Müller",
    "佐藤 健",
    "Łukasz Wójcik",
    "Nguyễn Thị Lan",
    "김민준",
    "Søren Ångström",
    "Renée L'Écuyer",
    "Ayşe Çelik",
    "Þórdís Jónsdóttir",
    "Олена Шевченко",
];

const TEAMS: [&str; 6] = ["Alder", "Birch", "Cedar", "Douglas", "Elm", "Fir"];

/// The name of the person at `index`. Names repeat on a large floor, as they do in life.
pub fn person(index: usize, rng: &mut Rng) -> String {
    if index % 6 == 3 && index < 6 * WHOLE.len() || chance::percent(rng, 3) {
        return WHOLE[(index / 6) % WHOLE.len()].to_owned();
    }
    // Two different strides through lists of equal length: no pair repeats on a small floor.
    let given = GIVEN[index % GIVEN.len()];
    let family = FAMILY[(index * 7 + index / GIVEN.len()) % FAMILY.len()];
    format!("{given} {family}")
}

/// The team of the person at `index` on a floor of `people`: about a dozen people each, at most six.
#[must_use]
pub fn team(index: usize, people: usize) -> &'static str {
    TEAMS[index % people.div_ceil(12).clamp(1, TEAMS.len())]
}
