# One image for each service, and one for the lab, from the jars that `mvn package` built:
#
#   docker build --build-arg SERVICE=gateway -t statecraft/gateway .
#
# SERVICE   gateway | stateful-service | stateless-service | reactive-service | lab
# MODULE    the directory of its Maven module where that has another name: lab/runner for the lab
# BASE      a Java 25 image; a shell (bash) is needed to build on it, and nothing but the JVM to run
# VERSION, REVISION   what the labels say
ARG BASE=eclipse-temurin:25-jre

# The jar taken apart: what changes seldom goes into a layer of its own. The lab's libraries lie beside its jar as it is.
FROM ${BASE} AS extracted
ARG SERVICE
ARG MODULE=${SERVICE}
COPY ${MODULE}/target/ /extract/
RUN cd /extract && mv ${SERVICE}.jar service.jar && if [ -d lib ]; \
  then mkdir -p layers/dependencies layers/snapshot-dependencies layers/application \
    && mv lib layers/dependencies/ && mv service.jar layers/application/; \
  else java -Djarmode=tools -jar service.jar extract --layers --destination layers; fi

FROM ${BASE} AS service
USER root
RUN mkdir -p /app /var/lib/statecraft && chown 65532:65532 /var/lib/statecraft
COPY docker/jvm.options /app/
COPY --from=extracted /extract/layers/dependencies/ /app/
COPY --from=extracted /extract/layers/snapshot-dependencies/ /app/
COPY --from=extracted /extract/layers/application/ /app/
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=50.0"
# By default glibc keeps what threads have freed in up to eight arenas for each core.
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
USER 65532:65532

# Starts the service, works it for a moment and ends it: the JVM writes down which classes it loaded and which methods
# were hot (JEP 483, 514, 515). The cache holds for this JVM, these options and these jars, so it is made where they are.
FROM service AS trained
ARG SERVICE
COPY docker/train /train/
RUN ["bash", "/train/train", "/tmp/service.aot"]

FROM service
COPY --from=trained /tmp/service.aot /app/
ARG SERVICE
ARG BASE
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="statecraft/${SERVICE}" \
  org.opencontainers.image.description="Statecraft: where should session state live?" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.base.name="${BASE}"
EXPOSE 8080
# No shell between: the JVM is process 1 and takes SIGTERM itself.
ENTRYPOINT ["java", "-XX:AOTCache=/app/service.aot", "@/app/jvm.options", "-jar", "/app/service.jar"]
