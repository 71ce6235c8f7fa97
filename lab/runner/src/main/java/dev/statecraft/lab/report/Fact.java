package dev.statecraft.lab.report;

/** A name and its description in a report. */
public record Fact(String name, String text) {}
