//! What the self-test compiles: a use of every kind that facts are made of.

use std::fmt::Display;

mod shapes {
    pub trait Area {
        type Unit;
        const SIDES: usize;
        fn area(&self) -> Self::Unit;
        fn twice(&self) -> (Self::Unit, Self::Unit) {
            (self.area(), self.area())
        }
    }

    pub trait Label {
        fn label(&self) -> u32;
    }

    impl Label for Square {
        fn label(&self) -> u32 {
            self.area()
        }
    }

    #[derive(Clone)]
    pub struct Square {
        pub side: u32,
    }

    impl Square {
        pub const UNIT: Square = Square { side: 1 };

        pub fn new(side: u32) -> Self {
            Self { side }
        }
    }

    impl Area for Square {
        type Unit = u32;
        const SIDES: usize = 4;
        fn area(&self) -> u32 {
            self.side * self.side
        }
    }
}

use shapes::{Area, Label, Square as Tile};

const LIMIT: u32 = 10;
static COUNT: u32 = 2;

enum Choice {
    One(Tile),
    Named { tile: Tile },
    None,
}

macro_rules! call {
    ($f:ident, $value:expr) => {
        $f($value)
    };
}

fn measure<T: Area<Unit = u32>>(shape: &T) -> u32 {
    shape.area() + T::SIDES as u32
}

fn dynamic(shape: &dyn Label) -> u32
where
    Tile: Sized,
{
    shape.label()
}

fn show<'a>(choice: &'a Choice) -> Option<&'a Tile> {
    match choice {
        Choice::One(tile) => Some(tile),
        Choice::Named { tile } if tile.side > LIMIT => Some(tile),
        Choice::Named { tile: other } => Some(other),
        Choice::None => None,
    }
}

pub fn run(name: &dyn Display) -> String {
    let tile = Tile::new(COUNT);
    let pair = (tile.clone(), measure(&tile));
    let add = |more: u32| pair.1 + more + pair.0.side;
    let total = add(call!(measure, &tile)) + dynamic(&Tile::UNIT);
    let choice = if total > LIMIT { Choice::One(tile) } else { Choice::Named { tile } };
    let found = 'search: loop {
        break 'search show(&choice).map(Area::twice);
    };
    let none = matches!(choice, Choice::None);
    format!("{name} {total} {found:?} {none}")
}
