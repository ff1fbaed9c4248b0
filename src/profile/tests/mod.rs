//! Tests of the input layer through its public functions: [`super::load`], [`super::list`], [`super::ImageMap::load`].

mod project;
mod schemas;
mod shipped;
