package dev.statecraft.lab.report;

/** A name and what it stands for. */
public record Fact(String name, String text) {}
