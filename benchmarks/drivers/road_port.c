/* The road port with its structure fixed: a yardstick of what the machine allows, not a simulator of ports.

   Reads trucks (minute of arrival, class) from a file, runs them through four stages that open and close every day,
   and prints for each repetition: CPU seconds, then for each class trucks that left and their mean total wait. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STAGES = 4, CLASSES = 2, MOST_EVENTS = 64 };

static const int servers[STAGES] = {4, 6, 10, 4};
static const double mean_min[STAGES] = {1.8, 2.6, 4.5, 1.6};
static const double day = 1440.0, opens = 420.0, closes = 1260.0;

typedef struct { double waited, joined; int32_t behind; int8_t kind; } Truck;
typedef struct { double at; int32_t truck; int32_t stage; } Event;
typedef struct { int32_t first[CLASSES], last[CLASSES]; int busy; long waiting; double area, since; } Stage;

static uint64_t counter;

/* Weyl sequence through a bit mixer of 64 bits. */
static inline double exponential(double mean) {
    uint64_t z = (counter += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return -mean * log(((double)(z >> 11) + 0.5) * 0x1.0p-53);
}

static Event heap[MOST_EVENTS];
static int events;

static inline void sink(Event entry) { /* from the root down */
    int place = 0;
    for (int child = 1; child < events; child = 2 * place + 1) {
        if (child + 1 < events && heap[child + 1].at < heap[child].at) child++;
        if (heap[child].at >= entry.at) break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = entry;
}

static inline void add(Event entry) {
    int place = events++;
    while (place > 0 && heap[(place - 1) / 2].at > entry.at) {
        heap[place] = heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap[place] = entry;
}

static inline void join(Stage *stage, Truck *trucks, int32_t t, double now) {
    int kind = trucks[t].kind;
    trucks[t].joined = now;
    trucks[t].behind = -1;
    if (stage->last[kind] < 0) stage->first[kind] = t;
    else trucks[stage->last[kind]].behind = t;
    stage->last[kind] = t;
    stage->area += (double)stage->waiting++ * (now - stage->since);
    stage->since = now;
}

static inline int32_t next_of(Stage *stage, Truck *trucks, double now) {
    int kind = stage->first[0] >= 0 ? 0 : 1;
    int32_t t = stage->first[kind];
    stage->first[kind] = trucks[t].behind;
    if (trucks[t].behind < 0) stage->last[kind] = -1;
    trucks[t].waited += now - trucks[t].joined;
    stage->area += (double)stage->waiting-- * (now - stage->since);
    stage->since = now;
    return t;
}

static double cpu_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void run(Truck *trucks, const double *arrives, int32_t count, double horizon, double *sums, long *left) {
    Stage stages[STAGES] = {0};
    for (int s = 0; s < STAGES; s++)
        for (int k = 0; k < CLASSES; k++) stages[s].first[k] = stages[s].last[k] = -1;
    double change = opens;
    int open = 0;
    int32_t coming = 0;
    events = 0;
    for (;;) {
        double arrival = coming < count ? arrives[coming] : INFINITY;
        double end = events ? heap[0].at : INFINITY;
        double now = arrival < end ? arrival : end;
        if (change < now) now = change;
        if (now >= horizon) return;
        if (now == change) {
            open = !open;
            change += open ? closes - opens : day - (closes - opens);
            for (int s = 0; open && s < STAGES; s++)
                while (stages[s].busy < servers[s] && stages[s].waiting) {
                    stages[s].busy++;
                    add((Event){now + exponential(mean_min[s]), next_of(&stages[s], trucks, now), s});
                }
            continue;
        }
        int32_t truck;
        int at;
        if (arrival < end) {
            truck = coming++;
            at = 0;
        } else {
            truck = heap[0].truck;
            at = heap[0].stage;
            Stage *stage = &stages[at];
            if (open && stage->waiting) {
                sink((Event){now + exponential(mean_min[at]), next_of(stage, trucks, now), at});
            } else {
                stage->busy--;
                events--;
                if (events) sink(heap[events]);
            }
            if (++at == STAGES) {
                sums[trucks[truck].kind] += trucks[truck].waited;
                left[trucks[truck].kind]++;
                continue;
            }
        }
        if (open && stages[at].busy < servers[at]) {
            stages[at].busy++;
            add((Event){now + exponential(mean_min[at]), truck, at});
        } else {
            join(&stages[at], trucks, truck, now);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int32_t count = atoi(argv[2]);
    double horizon = atof(argv[3]) * day;
    double *arrives = malloc(sizeof(double) * (size_t)count);
    int8_t *kinds = malloc((size_t)count);
    Truck *trucks = malloc(sizeof(Truck) * (size_t)count);
    FILE *file = fopen(argv[1], "rb");
    if (!arrives || !kinds || !trucks || !file) return 3;
    if (fread(arrives, sizeof(double), (size_t)count, file) != (size_t)count) return 4;
    if (fread(kinds, 1, (size_t)count, file) != (size_t)count) return 4;
    fclose(file);
    for (int repeat = 0; repeat < atoi(argv[4]); repeat++) {
        double sums[CLASSES] = {0};
        long left[CLASSES] = {0};
        double begin = cpu_s();
        counter = 0x5DEECE66Du + 7919u * (uint64_t)repeat;
        for (int32_t t = 0; t < count; t++) trucks[t] = (Truck){0.0, 0.0, -1, kinds[t]};
        run(trucks, arrives, count, horizon, sums, left);
        double took = cpu_s() - begin;
        printf("%.9f %ld %.9f %ld %.9f\n", took, left[0], sums[0] / left[0], left[1], sums[1] / left[1]);
    }
    return 0;
}
