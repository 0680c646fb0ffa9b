// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.util.List;

/** WordNet's 45 lexicographer files (lexnames(5WN)) as a person would say them. */
final class WordNetClasses {
  /** The index is {@code lex_filenum}. */
  static final List<String> NAMES =
      List.of(
          "quality", // adj.all
          "relating to something", // adj.pert
          "manner", // adv.all
          "broad concept", // noun.Tops
          "act", // noun.act
          "animal", // noun.animal
          "man-made thing", // noun.artifact
          "attribute", // noun.attribute
          "body part", // noun.body
          "idea", // noun.cognition
          "communication", // noun.communication
          "event", // noun.event
          "feeling", // noun.feeling
          "food", // noun.food
          "group", // noun.group
          "place", // noun.location
          "motive", // noun.motive
          "natural object", // noun.object
          "person", // noun.person
          "natural phenomenon", // noun.phenomenon
          "plant", // noun.plant
          "possession", // noun.possession
          "process", // noun.process
          "quantity", // noun.quantity
          "relation", // noun.relation
          "shape", // noun.shape
          "state", // noun.state
          "substance", // noun.substance
          "time", // noun.time
          "caring for the body", // verb.body
          "changing", // verb.change
          "thinking", // verb.cognition
          "speaking", // verb.communication
          "competing", // verb.competition
          "eating and drinking", // verb.consumption
          "touching", // verb.contact
          "making", // verb.creation
          "stirring emotion", // verb.emotion
          "moving", // verb.motion
          "perceiving", // verb.perception
          "giving and having", // verb.possession
          "social action", // verb.social
          "being", // verb.stative
          "weather", // verb.weather
          "result of an action"); // adj.ppl

  private WordNetClasses() {}
}
