//! Tests of the input layer through its public functions: [`super::load`], [`super::list`], [`super::ImageMap::load`].

mod apart;
mod files;
mod images;
mod listing;
mod merging;
mod profiles;
mod project;
mod robustness;
mod schemas;
mod secrets;
mod services;
mod shape;
mod shipped;
mod syntax;
mod unreadable;
