using Candor.Local;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Infra.Tests.Local;

public sealed class RollingUpdateTests
{
    [Fact]
    public void Rollout_of_any_shape_never_exceeds_surge_nor_falls_below_the_least_available_and_ends()
    {
        var shapes =
            from replicas in Gen.Choose(1, 8)
            from surge in Gen.Choose(0, 100)
            from unavailable in Gen.Choose(0, 100)
            from percent in Gen.Elements(true, false)
            from seed in Gen.Choose(0, int.MaxValue)
            select (replicas, surge: percent ? surge : surge % 4, unavailable: percent ? unavailable : unavailable % 4, percent, seed);

        Prop.ForAll(shapes.ToArbitrary(), shape =>
        {
            var strategy = new RolloutStrategy
            {
                MaxSurge = new(shape.surge, shape.percent),
                MaxUnavailable = new(shape.unavailable, shape.percent),
            };
            Simulate(shape.replicas, strategy, new Random(shape.seed));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Rollout_whose_new_pods_never_get_available_keeps_every_old_pod()
    {
        var strategy = new RolloutStrategy { MaxSurge = new(1, false), MaxUnavailable = new(0, false) };
        List<PodView> pods = [Old("a"), Old("b")];

        var first = RollingUpdate.Next(2, strategy, pods);
        Assert.Equal((1, 0), (first.Create, first.Delete.Count));

        pods.Add(new("new", Current: true, Available: false, Leaving: false));
        var then = RollingUpdate.Next(2, strategy, pods);
        Assert.Equal((0, 0), (then.Create, then.Delete.Count));
    }

    [Fact]
    public void Recreate_ends_every_old_pod_before_the_first_new_one_starts()
    {
        var strategy = new RolloutStrategy { Recreate = true };

        Assert.Equal(["a", "b"], RollingUpdate.Next(2, strategy, [Old("a"), Old("b")]).Delete);
        Assert.Equal(0, RollingUpdate.Next(2, strategy, [Old("a") with { Leaving = true }]).Create);
        Assert.Equal(2, RollingUpdate.Next(2, strategy, []).Create);
    }

    [Fact]
    public void Scale_down_ends_what_serves_least_first()
    {
        PodView[] pods = [new("old", true, true, false), new("broken", true, false, false), new("young", true, true, false)];

        Assert.Equal(["broken"], RollingUpdate.Next(2, new(), pods).Delete);
        Assert.Equal(["broken", "young"], RollingUpdate.Next(1, new(), pods).Delete);
    }

    private static PodView Old(string name) => new(name, Current: false, Available: true, Leaving: false);

    /// <summary>Pods get available, fall and end at random, as they do.</summary>
    private static void Simulate(int replicas, RolloutStrategy strategy, Random random)
    {
        var pods = Enumerable.Range(0, replicas).Select(i => Old($"old-{i}")).ToList();
        var surge = strategy.MaxSurge.RoundedUp(replicas);
        var unavailable = Math.Min(strategy.MaxUnavailable.RoundedDown(replicas), replicas);
        if (surge == 0 && unavailable == 0)
        {
            unavailable = 1;
        }

        for (var step = 0; step < 2000; step++)
        {
            var next = RollingUpdate.Next(replicas, strategy, pods);
            for (var i = 0; i < next.Create; i++)
            {
                pods.Add(new($"new-{step}-{i}", Current: true, Available: false, Leaving: false));
            }

            var before = pods.Count(p => p is { Available: true, Leaving: false });
            pods = [.. pods.Select(p => next.Delete.Contains(p.Name) ? p with { Leaving = true } : p)];
            var live = pods.Where(p => !p.Leaving).ToList();
            var available = live.Count(p => p.Available);
            Assert.True(live.Count <= replicas + surge, $"{live.Count} pods of {replicas} with surge {surge}");
            Assert.True(
                available == before || available >= replicas - unavailable,
                $"{available} available of {replicas} with {unavailable} unavailable");
            if (live.Count == replicas && live.TrueForAll(p => p is { Current: true, Available: true }))
            {
                return;
            }

            pods = [
                .. pods.Where(p => !p.Leaving || random.Next(2) == 0)
                .Select(p => p.Available || random.Next(3) > 0 ? p : p with { Available = true })];
        }

        Assert.Fail($"no end: {replicas} replicas, surge {surge}, unavailable {unavailable}");
    }
}
