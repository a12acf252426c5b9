//! All bodies by name.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use super::{Body, BodyKind, Moon, Planet, Star};

/// Bodies by name, names compared without case.
#[derive(Default)]
pub struct Catalog {
    bodies: BTreeMap<String, Box<dyn Body>>,
}

/// Why a name does not lead to a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogError {
    Unknown { name: String, near: Option<String> },
    Taken { name: String },
}

impl CatalogError {
    pub(crate) fn unknown(name: &str) -> Self {
        CatalogError::Unknown {
            name: name.to_owned(),
            near: None,
        }
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogError::Unknown {
                name,
                near: Some(near),
            } => {
                write!(out, "there is no {name}; is it {near}?")
            }
            CatalogError::Unknown { name, near: None } => write!(out, "there is no {name}"),
            CatalogError::Taken { name } => write!(out, "there is a {name} already"),
        }
    }
}

impl Error for CatalogError {}

fn key(name: &str) -> String {
    name.to_lowercase()
}

impl Catalog {
    /// The Sun, the planets and the Moon.
    pub fn solar_system() -> Self {
        let mut catalog = Catalog::default();
        catalog.put(Star);
        for planet in Planet::ALL {
            catalog.put(*planet);
        }
        catalog.put(Moon);
        catalog
    }

    fn put(&mut self, body: impl Body + 'static) {
        self.bodies.insert(key(body.name()), Box::new(body));
    }

    /// Adds a body under a name that is still free.
    pub fn add(&mut self, body: impl Body + 'static) -> Result<(), CatalogError> {
        if self.bodies.contains_key(&key(body.name())) {
            return Err(CatalogError::Taken {
                name: body.name().to_owned(),
            });
        }
        self.put(body);
        Ok(())
    }

    pub fn get(&self, name: &str) -> Result<&dyn Body, CatalogError> {
        match self.bodies.get(&key(name)) {
            Some(body) => Ok(body.as_ref()),
            None => Err(CatalogError::Unknown {
                name: name.to_owned(),
                near: self.near(name),
            }),
        }
    }

    /// A body whose name begins alike.
    fn near(&self, name: &str) -> Option<String> {
        let start: String = key(name).chars().take(2).collect();
        let found = self
            .iter()
            .find(|body| key(body.name()).starts_with(&start));
        found.map(|body| body.name().to_owned())
    }

    pub fn iter(&self) -> impl Iterator<Item = &dyn Body> {
        self.bodies.values().map(AsRef::as_ref)
    }

    pub fn of_kind(&self, wanted: impl Fn(BodyKind) -> bool) -> Vec<&dyn Body> {
        self.iter().filter(|body| wanted(body.kind())).collect()
    }

    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_bodies_without_case() {
        let catalog = Catalog::solar_system();
        assert_eq!(catalog.get("mars").unwrap().name(), "Mars");
        assert_eq!(catalog.len(), Planet::ALL.len() + 2);
        assert!(!catalog.is_empty());
    }

    #[test]
    fn offers_a_near_name() {
        let catalog = Catalog::solar_system();
        let error = catalog.get("Marz").err().expect("no such body");
        assert_eq!(error.to_string(), "there is no Marz; is it Mars?");
    }

    #[test]
    fn takes_a_name_once() {
        let mut catalog = Catalog::solar_system();
        let error = catalog.add(Moon).unwrap_err();
        assert_eq!(
            error,
            CatalogError::Taken {
                name: "Moon".into()
            }
        );
        assert_eq!(catalog.of_kind(|kind| kind == BodyKind::Star).len(), 1);
    }
}
