package dev.statecraft.lab.strategy;

/** The documented guarantee of a strategy, and the anomaly that it may show, for reports. */
public record GuaranteeText(String guarantee, String anomaly) {}
