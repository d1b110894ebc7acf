using System.Reflection;
using Candor.Contract;
using Candor.Health.Postgres;
using Candor.Health.RabbitMq;
using Candor.Health.Redis;
using Candor.Health.Tests.Library;

namespace Candor.Health.Tests.Surface;

/// <summary>
/// What users of the packages can call stands in docs/library/surface, reviewed with every change. To write it anew:
/// <c>CANDOR_WRITE_SURFACE=1 dotnet test tests/Health.Tests --filter PublicSurface</c>.
/// </summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Packages => new("Candor.Contract", "Candor.Health", "Candor.Health.Postgres", "Candor.Health.RabbitMq", "Candor.Health.Redis");

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Public_surface_is_the_reviewed_one(string package)
    {
        var path = Path.Combine(PackageFeed.Root, "docs", "library", "surface", package + ".txt");
        var surface = PublicSurface.Of(Of(package));
        if (Environment.GetEnvironmentVariable("CANDOR_WRITE_SURFACE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, surface);
        }

        var reviewed = (await File.ReadAllTextAsync(path)).Split('\n');
        var now = surface.Split('\n');
        Assert.True(
            reviewed.SequenceEqual(now),
            $"The public surface of {package} differs from docs/library/surface/{package}.txt.\nOnly in the file:\n{string.Join('\n', reviewed.Except(now))}\nOnly in the assembly:\n"
            + $"{string.Join('\n', now.Except(reviewed))}\nIf that is wanted: CANDOR_WRITE_SURFACE=1 dotnet test tests/Health.Tests --filter PublicSurface, and review the file.");
    }

    [Fact]
    public void Public_type_is_one_that_a_public_member_takes_or_gives()
    {
        // Types that stand for themselves: where users begin, what they catch, attributes, constants.
        var types = typeof(ICandorHealth).Assembly.GetExportedTypes();
        var used = types.SelectMany(type => type.GetMembers()).SelectMany(Mentioned).SelectMany(Parts).ToHashSet();

        var unused = types.Where(type => !used.Contains(type) && type is not { IsAbstract: true, IsSealed: true } && !type.IsSubclassOf(typeof(Attribute)) && !type.IsSubclassOf(typeof(Exception)))
            .Where(type => !Injected.Contains(type));
        Assert.Empty(unused);
    }

    // What the app gets from the services, or gives to them as options.
    private static readonly Type[] Injected =
        [typeof(ICandorHealth), typeof(Candor.Health.Liveness.ProbeListenerOptions), typeof(Candor.Health.Names.HostLookup), typeof(Candor.Health.Operations.IBackgroundOperations),
            typeof(Candor.Health.Checks.ITimeoutDiagnostics), typeof(Candor.Health.Checks.IPoolStatistics)];

    private static IEnumerable<Type> Mentioned(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(one => one.ParameterType).Append(method.ReturnType).Concat(method.IsGenericMethod ? method.GetGenericArguments().SelectMany(one => one.GetGenericParameterConstraints()) : []),
        ConstructorInfo made => made.GetParameters().Select(one => one.ParameterType),
        PropertyInfo property when property.DeclaringType != property.PropertyType => [property.PropertyType],
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];

    private static Assembly Of(string package) => package switch
    {
        "Candor.Contract" => typeof(HealthContract).Assembly,
        "Candor.Health" => typeof(ICandorHealth).Assembly,
        "Candor.Health.Postgres" => typeof(CandorPostgresExtensions).Assembly,
        "Candor.Health.RabbitMq" => typeof(CandorRabbitMqExtensions).Assembly,
        _ => typeof(CandorRedisExtensions).Assembly,
    };
}
