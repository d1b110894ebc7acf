using Candor.Chaos.Catalogue;
using Candor.Local;

namespace Candor.Chaos.Running;

/// <summary>The second article's endpoint in Flask behind gunicorn, from the system's packages.</summary>
internal static class FlaskService
{
    private const string Packages = "/usr/lib/python3/dist-packages";

    private static readonly string[] _modules = ["flask", "psycopg2", "redis", "pika"];

    /// <summary>Whether a service can be run here.</summary>
    public static bool IsHere(ServiceKind kind) =>
        kind != ServiceKind.Flask
        || (SystemPrograms.Find("gunicorn") is not null && _modules.All(module => Directory.Exists(Path.Combine(Packages, module))));
}
