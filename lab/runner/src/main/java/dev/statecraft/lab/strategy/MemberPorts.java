package dev.statecraft.lab.strategy;

/**
 * The ports at which the nodes of a strategy listen for each other.
 *
 * @param includesSpare whether the members include the node that may join later
 * @param secondPortOffset the distance to a second port that each member uses, modulo 65536; 0 for none
 */
public record MemberPorts(boolean includesSpare, int secondPortOffset) {}
